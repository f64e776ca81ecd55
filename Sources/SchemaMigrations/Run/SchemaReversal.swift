import Database
import MigrationNaming
import SQLFiles

/// A migration that is applied, and what takes it back.
public struct SchemaReversal: Sendable, Hashable {
    /// Its version.
    public let version: String
    /// Its name.
    public let name: String
    /// What takes it back: of its file, or as it was recorded, where the file is gone.
    public let script: SchemaScript
    /// Whether the file is gone.
    public let isMissing: Bool
}

extension SchemaMigrator {
    /// What takes the newest migrations back that are applied, the newest first.
    ///
    /// - Parameters:
    ///   - migrations: the files.
    ///   - count: how many; fewer, where fewer are applied.
    /// - Returns: the ways back.
    /// - Throws: ``SchemaMigrationError`` for one that has no way back; ``/Database/DatabaseError``.
    public func reversals(of migrations: [SchemaMigration], newest count: Int) async throws -> [SchemaReversal] {
        let applied = try await ledger.applied()
        return try applied.suffix(count).reversed().map { try reversal(of: $0, migrations) }
    }

    /// What takes some migrations back, the newest first.
    ///
    /// - Parameters:
    ///   - migrations: the files.
    ///   - versions: versions or names.
    /// - Returns: the ways back.
    /// - Throws: ``SchemaMigrationError`` for one that is not applied, or has no way back; ``/Database/DatabaseError``.
    public func reversals(of migrations: [SchemaMigration], versions: [String]) async throws -> [SchemaReversal] {
        let applied = try await ledger.applied()
        let chosen = try versions.map { reference in
            let file = migrations.first { $0.version == reference || $0.name == reference }
            let version = file?.version ?? reference
            if let record = applied.last(where: { $0.version == version || $0.details?.name == reference }) {
                return record
            }
            guard file == nil else {
                throw SchemaMigrationError(.state, "\(reference) is not applied; azu db:status lists what is")
            }
            throw Self.unknown(reference, applied)
        }
        return try chosen.sorted { VersionOrder.isOlder($1.version, than: $0.version) }
            .map { try reversal(of: $0, migrations) }
    }

    /// What is told to whoever names a migration that there is not.
    private static func unknown(_ reference: String, _ applied: [AppliedMigration]) -> SchemaMigrationError {
        let isVersion = reference.first?.isNumber ?? false
        let known = applied.compactMap { isVersion ? $0.version : $0.details?.name }
        let near = Nearest.names(to: reference, among: known, separator: "_")
        let hint = near.isEmpty ? "azu db:status lists them" : "did you mean \(near.either)?"
        return SchemaMigrationError(.unknown, "there is no schema migration \(reference); \(hint)")
    }

    private func reversal(of applied: AppliedMigration, _ migrations: [SchemaMigration]) throws -> SchemaReversal {
        let version = applied.version
        if let file = migrations.first(where: { $0.version == version }) {
            guard let down = file.down else {
                throw SchemaMigrationError(
                    .irreversible,
                    "\(file.path) has no way back; write one behind a line -- azu:down"
                )
            }
            return SchemaReversal(version: version, name: file.name, script: down, isMissing: false)
        }
        guard let details = applied.details else {
            throw SchemaMigrationError(
                .irreversible,
                "\(version) was applied by another tool, and has no file in \(SchemaFolder.path); put the file there"
            )
        }
        guard let script = try details.script(of: version) else {
            throw SchemaMigrationError(
                .irreversible,
                "the file of \(version) \(details.name) is gone, and it had no way back when it was applied"
            )
        }
        return SchemaReversal(version: version, name: details.name, script: script, isMissing: true)
    }
}
