import Database

extension Runner {
    /// Makes sure that a migration may be run here, and with these values.
    ///
    /// Writes nothing. ``migrate(_:again:arguments:)`` does so by itself; where several are to be run, ask of all before the first.
    ///
    /// - Parameters:
    ///   - entry: the migration.
    ///   - again: whether it is to be run although it is finished.
    ///   - arguments: values of its parameters, by name.
    /// - Throws: ``MigrationError`` with the code ``MigrationError/Code/environment`` or
    ///   ``MigrationError/Code/arguments``; ``/Database/DatabaseError``.
    public func check(
        _ entry: MigrationPlan.Entry,
        again: Bool = false,
        arguments: [String: String] = [:]
    ) async throws {
        if let environment, foreign(entry) != nil, !allowsAnyEnvironment {
            let places = entry.environments.sorted().joined(separator: ", ")
            throw MigrationError(
                .environment,
                "\(entry.name) is meant for \(places) only, and this is \(environment); --any-environment runs it all the same"
            )
        }
        let migration = entry.make()
        // Most migrations have none; the database need not be asked.
        guard !arguments.isEmpty || !migration.parameters.isEmpty else { return }
        let (latest, isExecuted) = try await retry.run { try await standing(of: entry) }
        // A way back that is not finished is told of by whoever meets it.
        if let latest, latest.direction == .down, latest.status != .rolledBack { return }
        if let latest, latest.isResumable {
            let known = latest.arguments.parameters
            _ = try migration.values(setting: arguments, recorded: known, of: entry.name)
        } else if isExecuted, !again {
            try expectSame(arguments, migration, latest, entry)
        } else {
            _ = try migration.values(setting: arguments, of: entry.name)
        }
    }

    /// The newest run, and whether the migration is executed, without a write.
    private func standing(of entry: MigrationPlan.Entry) async throws -> (latest: RunRecord?, isExecuted: Bool) {
        guard try await ledger.currentFormat() != nil else { return (nil, false) }
        return (try await ledger.latestRun(of: entry.version), try await ledger.isExecuted(entry.version))
    }

    /// Nothing is done for values that a finished run had; others must not seem to be done.
    private func expectSame(
        _ arguments: [String: String],
        _ migration: any DataMigration,
        _ latest: RunRecord?,
        _ entry: MigrationPlan.Entry
    ) throws {
        guard !arguments.isEmpty else { return }
        // A missing value is of no matter here.
        let known = latest?.arguments.parameters ?? [:]
        for (key, text) in arguments.sorted(by: { $0.key < $1.key }) {
            guard let parameter = migration.parameters.first(where: { $0.isCalled(key) }) else {
                throw MigrationError.unknownParameter(key, migration.parameters, of: entry.name)
            }
            guard let value = known[parameter.name], value == parameter.type.value(of: text) else {
                throw MigrationError.finished(with: parameter.name, of: entry.name)
            }
        }
    }

    /// Whether a migration is meant for this environment, or for all, or that is of no matter.
    public func isMeant(_ entry: MigrationPlan.Entry) -> Bool { allowsAnyEnvironment || foreign(entry) == nil }

    /// Why a migration is not meant for this environment: `only in production`; `nil` if it is.
    func foreign(_ entry: MigrationPlan.Entry) -> String? {
        guard let environment else { return nil }
        let environments = entry.environments
        guard !environments.isEmpty, !environments.contains(environment) else { return nil }
        return "only in \(environments.sorted().joined(separator: ", "))"
    }

    /// The values of a run, or of one that somebody records by hand.
    ///
    /// - Throws: ``MigrationError`` if there is none for a parameter that needs one.
    func values(of entry: MigrationPlan.Entry, for run: RunRecord?) throws -> [String: Value] {
        try entry.make().values(recorded: run?.arguments.parameters ?? [:], of: entry.name) { _ in
            "no run has recorded one; azu db:data:run \(entry.name) --again --set …=… does"
        }
    }

    /// Makes a migration, with the values of its run.
    ///
    /// - Throws: ``MigrationError`` if they do not fit the migration any more.
    func make(_ entry: MigrationPlan.Entry, for run: RunRecord) throws -> any DataMigration {
        let migration = entry.make()
        try migration.bind(try values(of: entry, for: run), of: entry.name)
        return migration
    }
}

extension RunRecord {
    /// Whether a process would go on with it, rather than begin a new run.
    var isResumable: Bool {
        direction == .up && [.pending, .running, .failed, .cancelled, .paused, .quarantined].contains(status)
    }
}
