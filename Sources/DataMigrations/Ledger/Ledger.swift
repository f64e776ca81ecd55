import Database

/// The tables in which runs are recorded, in the migrated database itself: what a batch writes and how far the run came
/// are committed together.
struct Ledger: Sendable {
    /// The version of the tables' layout that this program writes.
    static let format = 3
    /// How long a lease lasts without a commit.
    static let usualLease = Duration.seconds(60)

    let connection: any DatabaseConnection
    /// How long the leases last that it gives.
    var lease = usualLease
    /// Who takes parts of runs through it.
    var owner = Owner.current

    /// Creates what is missing.
    ///
    /// - Throws: ``MigrationError`` if a newer program wrote the tables, or ``/Database/DatabaseError``.
    func prepare() async throws {
        if let format = try await currentFormat() {
            guard format <= Self.format else {
                throw MigrationError(
                    .ledger,
                    "the tables data_migration_* have format \(format), written by a newer azu; this one knows up to "
                        + "\(Self.format): install the newer one"
                )
            }
            if format < Self.format { try await upgrade() }
            return
        }
        let tables: [SQL] =
            [
                executedTable, runsTable, slicesTable, quarantineTable, eventsTable, formatTable,
            ] + journalTables + [
                "INSERT INTO data_migration_format (version) SELECT \(Self.format) "
                    + "WHERE NOT EXISTS (SELECT 1 FROM data_migration_format)"
            ]
        try await inTransaction(begin(alone: "format")) {
            try await connection.run(tables.map { .execute($0) })
        }
    }

    /// Brings the tables of an older program into today's form.
    private func upgrade() async throws {
        try await inTransaction(begin(alone: "format")) {
            // Another process may have done it meanwhile.
            guard let format = try await currentFormat() else { return }
            var statements: [SQL] = []
            if format < 2 {
                let columns: [SQL] = [
                    journalColumn, "outside TEXT", "verification VARCHAR(16)", "verified_at TIMESTAMP",
                ]
                statements += columns.map { "ALTER TABLE data_migration_runs ADD COLUMN \($0)" } + journalTables
            }
            if format < 3 {
                statements.append("ALTER TABLE data_migration_runs ADD COLUMN settings TEXT")
                statements.append("ALTER TABLE data_migration_slices ADD COLUMN waiting TEXT")
            }
            try await connection.run(statements.map { .execute($0) })
            try await connection.execute("UPDATE data_migration_format SET version = \(Self.format)")
        }
    }

    private func inTransaction(_ begin: [Statement], _ body: () async throws -> Void) async throws {
        do {
            try await connection.run(begin)
            try await body()
            try await connection.run([.commit])
        } catch {
            _ = try? await connection.run([.rollback])
            throw error
        }
    }

    /// The layout's version; `nil` if there are no tables yet.
    func currentFormat() async throws -> Int? {
        guard try await connection.schema(of: "data_migration_format") != nil else { return nil }
        let rows = try await read("SELECT version FROM data_migration_format")
        return rows.isEmpty ? nil : rows.value(row: 0, column: 0).integer.map(Int.init)
    }

    /// Reads from the ledger; once more if the connection turns out to be lost.
    func read(_ sql: SQL) async throws -> Rows {
        do {
            return try await connection.query(sql)
        } catch let error as DatabaseError where error.code == .connectionLost {
            return try await connection.query(sql)
        }
    }

    /// Begins a transaction beside which no other process makes what `name` is about.
    func begin(alone name: String) -> [Statement] {
        let lock = connection.dialect.exclusion("data_migrations \(name)")
        return [.begin] + (lock.map { [.execute($0)] } ?? [])
    }

    /// Until when a lease lasts that begins now.
    var leaseEnd: SQL { "\(now) + \(Int(lease / .milliseconds(1)))" }

    /// The database's clock, in milliseconds since 1970.
    var now: SQL { SQL(raw: connection.dialect.currentMilliseconds) }

    var key: SQL { SQL(raw: "id \(connection.dialect.generatedKeyDefinition)") }

    private var formatTable: SQL {
        "CREATE TABLE IF NOT EXISTS data_migration_format (version INTEGER NOT NULL)"
    }
}
