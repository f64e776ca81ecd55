public import Database
import Foundation
import SQLFiles

/// Where the tables of a test's database come from.
public struct TestSchema: Sendable {
    private enum Source: Sendable {
        case statements([SQL])
        case text(String)
        case file(String)
        case folder(String)
    }

    private let source: Source

    /// No tables.
    public static let empty = TestSchema(source: .statements([]))

    /// SQL text of one or more statements.
    public static func sql(_ text: String) -> TestSchema { TestSchema(source: .text(text)) }

    /// Statements, in order.
    public static func statements(_ statements: [SQL]) -> TestSchema { TestSchema(source: .statements(statements)) }

    /// A file of SQL statements; its path starts at the database's root.
    public static func file(_ path: String) -> TestSchema { TestSchema(source: .file(path)) }

    /// The schema migrations of a folder: of each file `*.sql`, in the order of their names, what stands in its part
    /// `-- azu:up`, or all of it where there is no such part.
    public static func migrations(_ folder: String = "db/migrations") -> TestSchema {
        TestSchema(source: .folder(folder))
    }

    /// What makes the tables.
    ///
    /// - Throws: ``TestDatabaseError`` if there is no such file; `SQLFileError` if one can't be read.
    func statements(root: URL) throws -> [SQL] {
        switch source {
        case .statements(let statements): return statements
        case .text(let text): return try Self.statements(of: text, name: "the schema")
        case .file(let path): return try Self.statements(of: try Self.text(of: path, root), name: path)
        case .folder(let folder):
            let names = try? FileManager.default.contentsOfDirectory(atPath: Self.path(of: folder, root))
            guard let names else { throw Self.missing("folder", folder, root) }
            let files = names.filter { $0.hasSuffix(".sql") }.sorted()
            guard !files.isEmpty else {
                throw TestDatabaseError("\(folder) has no schema migrations, files that end in .sql")
            }
            return try files.flatMap { name in
                try Self.statements(of: try Self.text(of: "\(folder)/\(name)", root), name: "\(folder)/\(name)")
            }
        }
    }

    private static func statements(of text: String, name: String) throws -> [SQL] {
        let file = try SQLFile(text, name: name)
        let range = file.part("up", among: ["up", "down"]) ?? file.head(before: ["up", "down"])
        return try file.statements(in: range).map { SQL(raw: $0.text) }
    }

    private static func path(of path: String, _ root: URL) -> String {
        let url = path.hasPrefix("/") ? URL(filePath: path) : root.appending(path: path)
        return url.path(percentEncoded: false)
    }

    private static func text(of path: String, _ root: URL) throws -> String {
        guard let data = FileManager.default.contents(atPath: Self.path(of: path, root)) else {
            throw missing("file", path, root)
        }
        guard let text = String(bytes: data, encoding: .utf8) else { throw TestDatabaseError("\(path) is not UTF-8") }
        return text
    }

    private static func missing(_ what: String, _ path: String, _ root: URL) -> TestDatabaseError {
        TestDatabaseError(
            "there is no \(what) \(path) below \(root.path(percentEncoded: false)); paths start at the root of the "
                + "database, which is the working directory unless `root:` says otherwise"
        )
    }
}
