import Database

/// Where a schema migration stands.
public struct SchemaStatus: Sendable, Hashable {
    /// Its version.
    public var version: String
    /// Its name; empty where only another tool knows of it.
    public var name: String
    /// Whether it is applied.
    public var isApplied: Bool
    /// When it was applied, by the database's clock, in UTC; `nil` if it is not, or by another tool.
    public var appliedAt: String?
    /// Who applied it, and where.
    public var appliedBy: String?
    /// How long that took.
    public var duration: Duration?
    /// Its file; `nil` if it is gone.
    public var path: String?
    /// Whether the file is another one than was applied.
    public var isChanged = false
    /// Whether it is not applied, though a newer one is.
    public var isOutOfOrder = false
    /// Whether there is a way back.
    public var isReversible: Bool

    /// Whether it is applied, and its file is gone.
    public var isMissing: Bool { isApplied && path == nil }

    /// What is to be known beside, a few words each.
    public var notes: [String] {
        var notes: [String] = []
        if isOutOfOrder { notes.append("older than the newest applied one") }
        if isChanged { notes.append("file changed") }
        if isMissing { notes.append("file missing") }
        if isApplied, appliedAt == nil { notes.append("applied by another tool") }
        if !isReversible { notes.append("no way back") }
        return notes
    }

    /// Whether the file and the database disagree.
    public var isIrregular: Bool { isOutOfOrder || isChanged || isMissing }
}

extension SchemaMigrator {
    /// Where each migration stands, and those that the database knows besides, in the order of the versions.
    ///
    /// Writes nothing.
    ///
    /// - Parameter migrations: the files.
    /// - Returns: one for each version.
    /// - Throws: ``SchemaMigrationError`` if `schema_migrations` is another tool's; ``/Database/DatabaseError``.
    public func status(of migrations: [SchemaMigration]) async throws -> [SchemaStatus] {
        let applied = try await ledger.applied()
        let records = Dictionary(applied.map { ($0.version, $0) }, uniquingKeysWith: { $1 })
        let newest = applied.last?.version
        var statuses = migrations.map { migration in
            let record = records[migration.version]
            var status = SchemaStatus(
                version: migration.version,
                name: migration.name,
                isApplied: record != nil,
                path: migration.path,
                isReversible: migration.down != nil
            )
            status.add(record?.details)
            if let details = record?.details { status.isChanged = details.sha256 != migration.sha256 }
            if record == nil, let newest { status.isOutOfOrder = VersionOrder.isOlder(migration.version, than: newest) }
            return status
        }
        let known = Set(migrations.map(\.version))
        for record in applied where !known.contains(record.version) {
            var status = SchemaStatus(
                version: record.version,
                name: record.details?.name ?? "",
                isApplied: true,
                path: nil,
                isReversible: record.details?.down != nil
            )
            status.add(record.details)
            statuses.append(status)
        }
        return statuses.sorted { VersionOrder.isOlder($0.version, than: $1.version) }
    }
}

extension SchemaStatus {
    fileprivate mutating func add(_ details: AppliedMigration.Details?) {
        guard let details else { return }
        appliedAt = details.appliedAt
        appliedBy = details.appliedBy
        duration = .milliseconds(details.milliseconds)
    }
}
