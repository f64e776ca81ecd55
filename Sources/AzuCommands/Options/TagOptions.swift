import ArgumentParser
import DataMigrations

/// Which migrations a command is about, by their tags.
struct TagOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Only those with this tag, or one of several.", valueName: "tag"))
    var tag: [String] = []

    @Option(help: ArgumentHelp("Not those with this tag. May be given several times.", valueName: "tag"))
    var skipTag: [String] = []

    /// Whether a migration is among them.
    func selects(_ tags: some Collection<String>) -> Bool {
        (tag.isEmpty || tags.contains { tag.contains($0) }) && !tags.contains { skipTag.contains($0) }
    }

    /// Those of some migrations of a plan.
    ///
    /// A tag that no migration has may be a slip, or only one that is not needed now: a script must not fail for it, but a
    /// person is told.
    func select(_ entries: [MigrationPlan.Entry], of plan: MigrationPlan) -> [MigrationPlan.Entry] {
        guard !tag.isEmpty || !skipTag.isEmpty else { return entries }
        let known = plan.entries.reduce(into: Set<String>()) { $0.formUnion($1.tags) }
        for name in tag + skipTag where !known.contains(name) {
            let hint = known.isEmpty ? "there are no tags" : "there is \(known.sorted().joined(separator: ", "))"
            Console.note("note: no data migration has the tag \(name); \(hint)")
        }
        return entries.filter { selects($0.tags) }
    }
}
