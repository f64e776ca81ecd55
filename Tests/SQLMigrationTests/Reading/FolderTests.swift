import DataMigrations
import Foundation
import Testing

@Suite struct FolderTests {
    private struct Other: DataMigration {
        func up(_ migration: MigrationContext) async throws {}
    }

    /// Makes a project of some files, below `db/data_migrations`.
    private func with(_ files: [String: String], _ body: (URL) throws -> Void) throws {
        let root = FileManager.default.temporaryDirectory.appending(path: "azu-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: root) }
        for (name, text) in files {
            let file = root.appending(path: MigrationPlan.folder).appending(path: name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(text.utf8).write(to: file)
        }
        try body(root)
    }

    @Test func `the files of a project are found, with version, name and checksum`() throws {
        let files = [
            "20240102000000_data_second.sql": "SELECT 2", "old/20240101000000_data_first.sql": "abc", "notes.txt": "x",
            "20240103000000_data_third.swift": "x",
        ]
        try with(files) { root throws in
            let plan = try MigrationPlan().withSQLFiles(under: root)
            try plan.validate()
            #expect(plan.entries.map(\.version) == ["20240101000000", "20240102000000"])
            #expect(plan.entries.map(\.name) == ["first", "second"])
            #expect(plan.entries[0].source?.path == "db/data_migrations/old/20240101000000_data_first.sql")
            let sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
            #expect(plan.entries[0].source?.sha256 == sha256)
        }
    }

    @Test func `what is compiled in holds, and a folder that is not there has no files`() throws {
        try with(["20240101000000_data_first.sql": "SELECT 'broken"]) { root throws in
            let compiled = MigrationPlan([.init(version: "20240101000000", name: "compiled", Other.self)])
            #expect(try compiled.withSQLFiles(under: root).entries.map(\.name) == ["compiled"])
            #expect(try MigrationPlan().withSQLFiles(under: root.appending(path: "none")).entries.isEmpty)
        }
    }

    @Test func `a file that can't be read is told with its place`() throws {
        try with(["20240101000000_data_first.sql": "-- azu:table a\nSELECT 'broken"]) { root throws in
            let error = #expect(throws: (any Error).self) { try MigrationPlan().withSQLFiles(under: root) }
            let text = error.map { String(describing: $0) } ?? ""
            #expect(text.hasPrefix("db/data_migrations/20240101000000_data_first.sql:2:8: "))
        }
        try with(["first.sql": "SELECT 1"]) { root throws in
            let error = #expect(throws: (any Error).self) { try MigrationPlan().withSQLFiles(under: root) }
            let text = error.map { String(describing: $0) } ?? ""
            #expect(text.hasPrefix("db/data_migrations/first.sql:1:1: a data migration's file is named "))
        }
    }

    @Test func `a broken file that is compiled in is told by validate`() {
        let name = "db/data_migrations/20240101000000_data_first.sql"
        let plan = MigrationPlan([.init(sqlFile: name, text: "-- azu:tabel a\nSELECT 1", sha256: "0")])
        let error = #expect(throws: (any Error).self) { try plan.validate() }
        #expect(error.map { String(describing: $0) }?.hasPrefix("\(name):1:1: ") == true)
    }
}
