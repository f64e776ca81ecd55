import DataMigrations

extension RunSession {
    /// The values of the migrations that are to be run, once it is sure that each can be run with them: nothing is written
    /// before.
    ///
    /// - Parameters:
    ///   - options: what is set.
    ///   - entries: the migrations, finished ones among them.
    ///   - steps: how many of them are run.
    /// - Returns: the values of those that are not finished, by version.
    /// - Throws: ``CommandFailure`` for a name that none of them knows; what ``DataMigrations/Runner`` finds wrong.
    func values(
        _ options: ParameterOptions,
        for entries: [MigrationPlan.Entry],
        steps: Int?
    ) async throws -> [String: [String: String]] {
        let values = try options.values(for: plan.entries)
        guard entries.contains(where: { !$0.parameters.isEmpty }) else { return [:] }
        let statuses = try await runner.status(of: plan)
        let finished = Set(statuses.filter { $0.executedAt != nil }.map(\.version))
        let waiting = entries.filter { !finished.contains($0.version) }
        // These are passed over, and count for none of the steps.
        let idle = Set(statuses.filter { [.quarantined, .paused].contains($0.state) }.map(\.version))
        for entry in waiting.filter({ !idle.contains($0.version) }).prefix(steps ?? .max) {
            try await runner.check(entry, arguments: values[entry.version] ?? [:])
        }
        let versions = Set(waiting.map(\.version))
        return values.filter { versions.contains($0.key) }
    }
}
