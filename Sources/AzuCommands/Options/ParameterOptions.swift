import ArgumentParser
import DataMigrations

/// The values that a run is given.
struct ParameterOptions: ParsableArguments {
    @Option(
        name: .customLong("set"),
        help: ArgumentHelp(
            "The value of a parameter; azu db:data:show lists a migration's. May be given several times.",
            valueName: "name=value"
        )
    )
    var assignments: [Assignment] = []

    func validate() throws {
        var seen: Set<String> = []
        for assignment in assignments where !seen.insert(assignment.name).inserted {
            throw ValidationError("--set \(assignment.name)=… stands twice")
        }
    }

    /// Makes sure that values are only given where data migrations are run.
    ///
    /// - Throws: `ValidationError`.
    func expectData(_ withData: Bool) throws {
        if !withData, let first = assignments.first {
            throw ValidationError("--set \(first.name)=… is about data migrations; say --with-data, too")
        }
    }

    /// The values of each migration that has such parameters, by its version.
    ///
    /// - Parameter entries: the migrations that the command is about, also those with which there is nothing to do now: a
    ///   script that gives the same values each time must not fail for that.
    /// - Returns: values by name, by version.
    /// - Throws: ``CommandFailure`` for a name that none of them knows.
    func values(for entries: [MigrationPlan.Entry]) throws -> [String: [String: String]] {
        guard !assignments.isEmpty else { return [:] }
        let parameters = entries.map { ($0, $0.parameters) }
        var values: [String: [String: String]] = [:]
        for assignment in assignments {
            let takers = parameters.filter { $0.1.contains { $0.isCalled(assignment.name) } }.map(\.0)
            if takers.isEmpty { throw unknown(assignment.name, parameters) }
            for taker in takers { values[taker.version, default: [:]][assignment.name] = assignment.value }
        }
        return values
    }

    private func unknown(
        _ name: String,
        _ parameters: [(entry: MigrationPlan.Entry, parameters: [ParameterDescription])]
    ) -> CommandFailure {
        let lists = parameters.filter { !$0.parameters.isEmpty }.map { found in
            "\(found.entry.name) has \(found.parameters.map(\.name).joined(separator: ", "))"
        }
        let hint = lists.isEmpty ? "there are none" : lists.joined(separator: "; ")
        return CommandFailure("no data migration that this is about has a parameter \(name): \(hint)")
    }
}

/// One `--set name=value`.
struct Assignment: ExpressibleByArgument {
    let name: String
    let value: String

    init?(argument: String) {
        guard let equals = argument.firstIndex(of: "="), equals > argument.startIndex else { return nil }
        name = String(argument[..<equals])
        value = String(argument[argument.index(after: equals)...])
    }
}
