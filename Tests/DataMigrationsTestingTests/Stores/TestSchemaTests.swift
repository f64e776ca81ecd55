import DataMigrations
import DataMigrationsTesting
import Foundation
import Testing

/// Where the tables of a test's database come from.
@Suite(.serialized) struct TestSchemaTests {
    private let root = FileManager.default.temporaryDirectory.appending(path: "azu-\(UUID().uuidString)")

    private func write(_ files: [String: String]) throws {
        for (path, text) in files {
            let file = root.appending(path: path)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(text.utf8).write(to: file)
        }
    }

    @Test(arguments: TestStore.tested) func migrationsOfAFolderAreAppliedInOrder(_ store: TestStore) async throws {
        try write([
            "db/migrations/20240102000000_add_names.sql": """
            -- azu:up
            ALTER TABLE things ADD COLUMN name text;
            INSERT INTO things (name) VALUES ('a; b');
            -- azu:down
            ALTER TABLE things DROP COLUMN name;
            """,
            "db/migrations/20240101000000_create_things.sql": "CREATE TABLE things (number bigint);\n",
            "db/migrations/README.md": "not SQL",
        ])
        defer { try? FileManager.default.removeItem(at: root) }
        try await withDatabase(store, schema: .migrations(), root: root) { database in
            let lines = try await database.lines("SELECT number, name FROM things")
            #expect(lines == ["NULL | a; b"])
        }
    }

    @Test(arguments: TestStore.tested) func aFileIsReadStatementByStatement(_ store: TestStore) async throws {
        try write(["schema.sql": "-- things;\nCREATE TABLE things (a text);\nCREATE TABLE others (b text)\n"])
        defer { try? FileManager.default.removeItem(at: root) }
        try await withDatabase(store, schema: .file("schema.sql"), root: root) { database in
            let isEmpty = try await database.lines("SELECT a FROM things, others").isEmpty
            #expect(isEmpty)
        }
        try await withDatabase(store, schema: .statements(["CREATE TABLE things (a text)"])) { database in
            let isEmpty = try await database.lines("SELECT a FROM things").isEmpty
            #expect(isEmpty)
        }
    }

    @Test func aFileThatIsNotThereIsNamed() async throws {
        let error = await #expect(throws: TestDatabaseError.self) {
            try await withDatabase(schema: .file("db/nothing.sql"), root: root) { _ in }
        }
        #expect(error?.description.hasPrefix("there is no file db/nothing.sql below ") == true)
        let folder = await #expect(throws: TestDatabaseError.self) {
            try await withDatabase(schema: .migrations("db/nowhere"), root: root) { _ in }
        }
        #expect(folder?.description.hasPrefix("there is no folder db/nowhere below ") == true)
    }
}
