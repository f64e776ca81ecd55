import DataMigrations
import DataMigrationsTesting
import Foundation
import Synchronization
import Testing

/// A migration by hand whose work is a closure.
struct ByHand: DataMigration {
    var work: @Sendable (MigrationContext) async throws -> Void = { _ in }

    func up(_ migration: MigrationContext) async throws { try await work(migration) }
}

/// Remembers what it is told, from any task.
final class Notebook<Element: Sendable>: Sendable {
    private let elements = Mutex<[Element]>([])

    init() {}

    func note(_ element: Element) { elements.withLock { $0.append(element) } }

    var all: [Element] { elements.withLock { $0 } }
}

extension DatabaseAccess {
    /// Every table with its rows, sorted, and what SQLite says of its tables.
    func wholeDatabase() async throws -> [String: [String]] {
        let objects = try await connection.query("SELECT type, name, tbl_name, sql FROM sqlite_master")
        var tables = ["sqlite_master": sortedLines(objects)]
        for object in objects where object[0].text == "table" {
            let name = object[1].text ?? ""
            tables[name] = sortedLines(try await connection.query("SELECT * FROM \(identifier: name)"))
        }
        return tables
    }

    private func sortedLines(_ rows: Rows) -> [String] { rows.map { "\($0.values)" }.sorted() }

    /// What a migration would do; nothing may be left of it.
    func previewLeavingNothing<M: DataMigration>(
        _ migration: M,
        sample: Int = 1_000,
        shownRows: Int = 10,
        isExact: Bool = false,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> Preview {
        let before = try await wholeDatabase()
        let options = PreviewOptions(sample: sample, shownRows: shownRows, isExact: isExact)
        let preview = try await runner().preview(entry(migration), options)
        let after = try await wholeDatabase()
        let changed = Set(before.keys).union(after.keys).filter { before[$0] != after[$0] }.sorted()
        #expect(changed.isEmpty, "tables that differ behind a preview", sourceLocation: sourceLocation)
        // No transaction was left open, or this one could not begin.
        try await connection.run([.begin, .rollback])
        return preview
    }

    /// Whether a row is by now what a preview said of it.
    func bearsOut(_ row: Preview.Row) async throws -> Bool {
        let key = try JSONSerialization.jsonObject(with: Data(row.key.utf8)) as? [String: Any] ?? [:]
        let conditions = key.map { column, value in
            let bound: Value = (value as? Int).map { .integer(Int64($0)) } ?? .text("\(value)")
            return "\(identifier: column) = \(bound)" as SQL
        }
        let found = try await connection.query(
            "SELECT * FROM \(identifier: row.table) WHERE \(SQL.joined(conditions, separator: " AND "))"
        )
        guard let now = found.first else { return row.kind == .deleted }
        return row.kind != .deleted && row.fields.allSatisfy { now[$0.column].text == $0.after }
    }

    /// The rows of a preview that are not what it said of them.
    func notBorneOut(by preview: Preview) async throws -> [Preview.Row] {
        var wrong: [Preview.Row] = []
        for row in preview.rows where try await !bearsOut(row) { wrong.append(row) }
        return wrong
    }
}

extension Preview {
    /// How many rows of each table are shown as what: `users changed`.
    var shownKinds: [String: Int] {
        Dictionary(rows.map { ("\($0.table) \($0.kind.rawValue)", 1) }, uniquingKeysWith: +)
    }

    /// The statements that write.
    var writes: [String] {
        statements.map(\.sql).filter { sql in
            ["INSERT", "UPDATE", "DELETE"].contains { sql.hasPrefix($0) }
        }
    }
}
