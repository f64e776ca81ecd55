import Database

/// What there is to know of a migration before it is run.
public struct MigrationDescription: Sendable {
    /// How it works.
    public enum Kind: String, Sendable, Hashable, Codable {
        /// Rows of a table change in place.
        case rows
        /// Rows of a table or a file are taken in batches.
        case batches
        /// Steps of the author's own.
        case steps
    }

    /// A parameter, and the value that the newest run has for it.
    public struct Argument: Sendable {
        /// The parameter.
        public var parameter: ParameterDescription
        /// The run's value, as it can be given; `nil` without a run.
        public var value: String?

        /// The default, as it can be given; `nil` if there is none.
        public var defaultText: String? { parameter.defaultValue.map(parameter.type.text) }
    }

    /// How it works.
    public var kind: Kind
    /// The table or the file whose rows it takes; `nil` if it takes none, or that depends on a value that is not given yet.
    public var source: String?
    /// Its parameters.
    public var arguments: [Argument]
    /// How it is run; `nil` if that may depend on a value that is not given yet.
    public var options: MigrationOptions?
    /// The SHA-256 of its file when it was compiled; `nil` if not known.
    public var sha256: String?
    /// Where it stands; its version, name, file, tags and environments.
    public var status: MigrationStatus
}

extension Runner {
    /// What there is to know of a migration.
    ///
    /// Writes nothing.
    ///
    /// - Throws: ``/Database/DatabaseError``; ``MigrationError`` if a newer program wrote the ledger.
    public func describe(_ entry: MigrationPlan.Entry) async throws -> MigrationDescription {
        let statuses = try await status(of: MigrationPlan([entry]))
        guard let status = statuses.first(where: { $0.version == entry.version }) else { throw lost(entry) }
        let format = try await ledger.currentFormat()
        let latest = format == nil ? nil : try await ledger.latestRun(of: entry.version)
        let known = latest?.arguments.parameters ?? [:]
        let migration = entry.make()
        let arguments = migration.parameters.map { parameter in
            MigrationDescription.Argument(
                parameter: parameter,
                value: known[parameter.name].map(parameter.type.text)
            )
        }
        // What reads a value that nobody has given yet can't be asked.
        let values = try? migration.values(recorded: known, of: entry.name)
        let isBound = values.map { values in (try? migration.bind(values, of: entry.name)) != nil } ?? false
        return MigrationDescription(
            kind: migration.kind,
            source: migration.sourceLabel(isBound: isBound),
            arguments: arguments,
            options: isBound ? migration.options : nil,
            sha256: entry.source?.sha256,
            status: status
        )
    }
}

extension DataMigration {
    fileprivate var kind: MigrationDescription.Kind {
        if self is any RowMigration { return .rows }
        if let migration = self as? SQLFileMigration {
            return (try? migration.file)?.up.table == nil ? .steps : .batches
        }
        return self is any BatchMigration ? .batches : .steps
    }

    /// What a person calls the rows.
    fileprivate func sourceLabel(isBound: Bool) -> String? {
        func table<M: RowMigration>(_ migration: M) -> String { M.RowModel.table }
        func label<M: BatchMigration>(_ migration: M) -> String { migration.rows.label }
        if let migration = self as? any RowMigration { return table(migration) }
        if let migration = self as? SQLFileMigration { return (try? migration.file)?.up.table }
        guard isBound, let migration = self as? any BatchMigration else { return nil }
        return label(migration)
    }
}
