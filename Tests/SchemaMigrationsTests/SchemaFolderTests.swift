import Foundation
import SchemaMigrations
import Testing

@Suite("The folder of schema migrations") struct SchemaFolderTests {
    private func with(_ files: [String: String], _ body: (URL) throws -> Void) throws {
        let root = FileManager.default.temporaryDirectory.appending(path: "azu-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: root) }
        let folder = root.appending(path: "db/migrations")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        for (name, text) in files { try Data(text.utf8).write(to: folder.appending(path: name)) }
        try body(root)
    }

    @Test func `is read in the order of the versions, other files left out`() throws {
        try with(["10_b.sql": "SELECT 1", "9_a.sql": "SELECT 1", "README.md": "?", ".hidden.sql": "'"]) { root in
            let paths = try SchemaFolder.load(root: root).map(\.path)
            #expect(paths == ["db/migrations/9_a.sql", "db/migrations/10_b.sql"])
        }
    }

    @Test func `need not be there`() throws {
        let nowhere = FileManager.default.temporaryDirectory.appending(path: "azu-\(UUID().uuidString)")
        #expect(try SchemaFolder.load(root: nowhere).isEmpty)
    }

    @Test func `has each version once`() throws {
        try with(["1_a.sql": "SELECT 1", "1_b.sql": "SELECT 1"]) { root in
            let error = #expect(throws: SchemaMigrationError.self) { try SchemaFolder.load(root: root) }
            #expect(
                error?.description
                    == "the version 1 stands twice: db/migrations/1_a.sql and db/migrations/1_b.sql; rename one of them"
            )
        }
    }
}
