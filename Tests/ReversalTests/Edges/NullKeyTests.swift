import DataMigrations
import Database
import TestSupport
import Testing

/// SQLite lets NULL into a primary key that does not say NOT NULL.
@Suite struct NullKeyTests {
    struct Entry: Model {
        static let table = "entries"
        var id: String?
        var text: String?
    }

    struct Change: DataMigration {
        var deletes = false

        init() {}
        init(deletes: Bool) { self.deletes = deletes }

        func up(_ migration: MigrationContext) async throws {
            let deletes = deletes
            try await migration.step("all") { batch in
                if deletes {
                    try await Entry.where("text <> 'c'").deleteAll(in: batch)
                } else {
                    try await Entry.where("text <> 'c'").updateAll("text = text || '!'", in: batch)
                }
            }
        }
    }

    struct Add: DataMigration {
        func up(_ migration: MigrationContext) async throws {
            try await migration.step("add") { batch in
                try await batch.insert([Entry(id: "y", text: "1"), Entry(id: nil, text: "2")])
            }
        }
    }

    private func makeEntries(_ connection: any DatabaseConnection) async throws {
        try await connection.execute("CREATE TABLE entries (id TEXT PRIMARY KEY, text TEXT)")
        try await connection.execute(
            "INSERT INTO entries VALUES ('x', 'a'), (NULL, 'b'), (NULL, 'a'), ('z', 'c'), (NULL, 'c')"
        )
    }

    @Test(arguments: [false, true]) func rowsWithNullInTheirKeyAreWrittenAndComeBack(deletes: Bool) async throws {
        try await Store.sqlite.with { connection in
            try await makeEntries(connection)
            let before = try await Snapshot(connection)
            let migration = entry(Change(deletes: deletes))
            let report = try await connection.runner().migrate(migration)
            #expect(report?.counters.written == 3)
            let left = try await connection.texts("SELECT text FROM entries ORDER BY text")
            #expect(left == (deletes ? [["c"], ["c"]] : [["a!"], ["a!"], ["b!"], ["c"], ["c"]]))
            _ = try await connection.runner().rollback(migration)
            try await connection.expectRolledBack(to: before)
        }
    }

    @Test func aNewRowWithNullInItsKeyIsNamed() async throws {
        try await Store.sqlite.with { connection in
            try await makeEntries(connection)
            let migration = entry(Add())
            _ = try await connection.runner().migrate(migration)
            let error = await #expect(throws: MigrationError.self) {
                try await connection.runner().rollback(migration)
            }
            #expect(error?.code == .irreversible)
            #expect(error?.description.contains("entries") == true)
            _ = try await connection.runner().rollback(migration, journaledOnly: true)
            let left = try await connection.texts("SELECT text FROM entries WHERE text IN ('1', '2')")
            #expect(left == [["2"]])
        }
    }
}
