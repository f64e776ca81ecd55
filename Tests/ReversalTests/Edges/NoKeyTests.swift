import DataMigrations
import Database
import TestSupport
import Testing

/// Rows of tables without a key.
@Suite(.serialized) struct NoKeyTests {
    struct Line: Model {
        static let primaryKey: [String] = []
        var text: String
        var done: String?
    }

    /// Finishes lines, which leave the condition then.
    struct Finish: RowMigration {
        var options: MigrationOptions { MigrationOptions(batchSize: .fixed(10)) }
        var rows: Query<Line> { Line.where("done IS NULL") }
        func transform(_ line: inout Line) { line.done = "yes" }
    }

    struct Remove: BatchMigration {
        var options: MigrationOptions { MigrationOptions(batchSize: .fixed(10)) }
        var rows: Query<Line> { Line.where("text LIKE 'a%'") }
        func process(_ lines: [Line], _ batch: Batch) async throws { try await batch.deleteRows() }
    }

    struct Add: DataMigration {
        func up(_ migration: MigrationContext) async throws {
            try await migration.step("add") { batch in
                try await batch.insert((1...5).map { Line(text: "new \($0)", done: nil) })
            }
        }
    }

    private func makeLines(_ connection: any DatabaseConnection) async throws {
        try await connection.execute("CREATE TABLE lines (text TEXT NOT NULL, done TEXT)")
        // Many that are the same, and gaps.
        for number in 1...40 {
            let text = number % 3 == 0 ? "b" : "a\(number % 5)"
            try await connection.execute("INSERT INTO lines (text) VALUES (\(text))")
        }
        try await connection.execute("DELETE FROM lines WHERE text = 'a2'")
    }

    @Test(arguments: Store.all) func rowsWithoutAKeyThatWereDeletedComeBack(_ store: Store) async throws {
        try await store.with { connection in
            try await makeLines(connection)
            let before = try await Snapshot(connection)
            let migration = entry(Remove())
            _ = try await connection.runner().migrate(migration)
            #expect(try await connection.texts("SELECT DISTINCT text FROM lines") == [["b"]])
            _ = try await connection.runner().rollback(migration)
            try await connection.expectRolledBack(to: before)
        }
    }

    @Test(arguments: Store.all) func rowsWithoutAKeyThatWereChangedComeBackOrAreRefused(_ store: Store) async throws {
        try await store.with { connection in
            try await makeLines(connection)
            let before = try await Snapshot(connection)
            let migration = entry(Finish())
            _ = try await connection.runner().migrate(migration)
            #expect(try await connection.number("SELECT count(*) FROM lines WHERE done IS NULL") == 0)
            if store == .sqlite {
                _ = try await connection.runner().rollback(migration)
                return try await connection.expectRolledBack(to: before)
            }
            // The place of a row of PostgreSQL is another one after each write.
            let migrated = try await Snapshot(connection)
            let error = await #expect(throws: MigrationError.self) {
                try await connection.runner().rollback(migration)
            }
            #expect(error?.code == .irreversible)
            #expect(error?.description.contains("UPDATE lines") == true)
            #expect(try await Snapshot(connection).difference(from: migrated) == nil)
        }
    }

    @Test(arguments: Store.all) func rowsWithoutAKeyThatWereInsertedAreDeletedOrRefused(_ store: Store) async throws {
        try await store.with { connection in
            try await makeLines(connection)
            let before = try await Snapshot(connection)
            let migration = entry(Add())
            _ = try await connection.runner().migrate(migration)
            if store == .sqlite {
                _ = try await connection.runner().rollback(migration)
                return try await connection.expectRolledBack(to: before)
            }
            let error = await #expect(throws: MigrationError.self) {
                try await connection.runner().rollback(migration)
            }
            #expect(error?.code == .irreversible)
            #expect(error?.description.contains("INSERT INTO lines") == true)
        }
    }
}
