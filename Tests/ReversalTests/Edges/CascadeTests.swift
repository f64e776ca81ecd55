import DataMigrations
import Database
import TestSupport
import Testing

/// Rows that a database deletes, or changes, along with others come back with them.
@Suite(.serialized) struct CascadeTests {
    struct Owner: Model {
        var id: Int64
        var name: String?
    }

    struct DeleteOwners: BatchMigration {
        var isByQuery = false

        init() {}
        init(isByQuery: Bool) { self.isByQuery = isByQuery }

        var options: MigrationOptions { MigrationOptions(batchSize: .fixed(3)) }
        var rows: Query<Owner> { Owner.where("id <= 8") }

        func process(_ owners: [Owner], _ batch: Batch) async throws {
            if isByQuery {
                try await Owner.where("id IN \(owners.map { $0.id })").deleteAll(in: batch)
            } else {
                try await batch.delete(owners)
            }
        }
    }

    private func makeTables(_ store: Store, _ connection: any DatabaseConnection) async throws {
        let statements: [SQL] = [
            "CREATE TABLE owners (id BIGINT NOT NULL PRIMARY KEY, name TEXT, code TEXT UNIQUE)",
            // To a unique column, and to the key; two columns that refer to the same table.
            """
            CREATE TABLE pets (\(raw: store.numberedKey), owner_code TEXT REFERENCES owners (code) ON DELETE CASCADE,
            keeper_id BIGINT REFERENCES owners (id) ON DELETE SET NULL, name TEXT)
            """,
            """
            CREATE TABLE visits (pet_id BIGINT NOT NULL REFERENCES pets (id) ON DELETE CASCADE, day TEXT NOT NULL,
            PRIMARY KEY (pet_id, day))
            """,
            "CREATE TABLE bills (\(raw: store.numberedKey), pet_id BIGINT DEFAULT 3 REFERENCES pets (id) ON DELETE SET NULL)",
        ]
        for statement in statements { try await connection.execute(statement) }
        for id in 1...12 {
            try await connection.execute("INSERT INTO owners VALUES (\(id), \("owner \(id)"), \("code \(id)"))")
        }
        for id in 1...30 {
            let (owner, keeper) = ("code \(1 + id % 12)", 9 + id % 4)
            try await connection.execute(
                "INSERT INTO pets (owner_code, keeper_id, name) VALUES (\(owner), \(keeper), \("pet \(id)"))"
            )
            try await connection.execute("INSERT INTO visits VALUES (\(id), 'monday'), (\(id), 'friday')")
            try await connection.execute("INSERT INTO bills (pet_id) VALUES (\(id))")
        }
        // Kept by one who is deleted, owned by one who is not.
        try await connection.execute("UPDATE pets SET keeper_id = 2 WHERE owner_code IN ('code 10', 'code 11')")
    }

    @Test(arguments: Store.all, [false, true])
    func whatIsDeletedAlongComesBack(_ store: Store, _ isByQuery: Bool) async throws {
        try await store.with { connection in
            try await makeTables(store, connection)
            let before = try await Snapshot(connection)
            let migration = entry(DeleteOwners(isByQuery: isByQuery))
            _ = try await connection.runner().migrate(migration)
            #expect(try await connection.number("SELECT count(*) FROM owners") == 4)
            #expect(try await connection.number("SELECT count(*) FROM pets WHERE keeper_id IS NULL") > 0)
            #expect(try await connection.number("SELECT count(*) FROM visits") < 60)
            #expect(try await connection.number("SELECT count(*) FROM bills WHERE pet_id IS NULL") > 0)

            let plan = try await connection.runner().rollbackPlan(of: migration)
            #expect(plan.conflictCount == 0)
            #expect(plan.outside.isEmpty)
            let report = try await connection.runner().rollback(migration)
            #expect(report.counters.written + report.counters.skipped == plan.rows)
            #expect(report.conflicts == 0)
            try await connection.expectRolledBack(to: before)
        }
    }
}
