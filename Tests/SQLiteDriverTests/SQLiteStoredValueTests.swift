import Database
import Foundation
import SQLiteDriver
import Testing

/// SQLite turns a value into what its column likes best, and compares with collations.
@Suite("Whether a column stores a value")
struct SQLiteStoredValueTests {
    struct Example: Sendable, CustomTestStringConvertible {
        var type: String
        var written: Value
        /// What `typeof` says of what was stored.
        var storage: String
        /// A value that is not what was written.
        var other: Value

        init(_ type: String, _ written: Value, _ storage: String, not other: Value) {
            self.type = type
            self.written = written
            self.storage = storage
            self.other = other
        }

        var testDescription: String { "\(written) in \(type.isEmpty ? "a column without a type" : type)" }
    }

    static let affinities: [Example] = [
        Example("REAL", 5, "real", not: 6),
        Example("REAL", 9_007_199_254_740_993, "real", not: 9_007_199_254_740_999),
        Example("DOUBLE PRECISION", "9007199254740993", "real", not: "9007199254740999"),
        Example("FLOAT", .decimal(Decimal(9_007_199_254_740_993)), "real", not: 5),
        Example("REAL", .integer(.max), "real", not: 0),
        Example("REAL", "0.5", "real", not: "0.25"),
        Example("REAL", "five", "text", not: 5),
        Example("INTEGER", "12", "integer", not: "13"),
        Example("INTEGER", " 12.0 ", "integer", not: "12.5"),
        Example("INTEGER", 5.0, "integer", not: 5.5),
        Example("INTEGER", 5.5, "real", not: 5),
        Example("INTEGER", 9_007_199_254_740_993, "integer", not: 9_007_199_254_740_992),
        Example("FLOATING POINT", 9_007_199_254_740_993, "integer", not: 9_007_199_254_740_992),
        Example("INTEGER", "twelve", "text", not: "Twelve"),
        Example("BOOLEAN", true, "integer", not: false),
        Example("TEXT", 12, "text", not: 13),
        Example("VARCHAR(20)", 0.5, "text", not: "0.50"),
        Example("TEXT", "12", "text", not: "12.0"),
        Example("TEXT", "a\0b", "text", not: "a\0c"),
        Example("NUMERIC", .decimal(Decimal(12.5)), "real", not: 12),
        Example("NUMERIC", "123456789012345678.5", "integer", not: "123456789012345999.5"),
        Example("TIMESTAMP", .date(Date(timeIntervalSince1970: 1.5)), "text", not: "1970-01-01 00:00:01.501"),
        Example("DATE", "2024-02-29", "text", not: "2024-02-28"),
        Example("DATE", "2024", "integer", not: "2023"),
        Example("BLOB", "12", "text", not: 12),
        Example("BLOB", "a", "text", not: .blob([97])),
        Example("BLOB", .blob([]), "blob", not: ""),
        Example("", "12", "text", not: 12),
        Example("", 12, "integer", not: "12"),
        Example("TEXT", .null, "null", not: ""),
        Example("TEXT", "", "text", not: .null),
        Example("REAL", .double(.nan), "null", not: 0),
        Example("REAL", .double(.infinity), "real", not: .double(-.infinity)),
        Example("TEXT COLLATE NOCASE", "Name", "text", not: "name"),
        Example("TEXT COLLATE RTRIM", "name", "text", not: "name "),
    ]

    let connection: SQLiteConnection

    init() async throws { connection = try await SQLiteConnection(path: nil) }

    /// Writes a value in each way, and looks for it and for another.
    private func check(_ example: Example, in table: String = "t") async throws {
        let column = try #require(try await connection.schema(of: table)?.column("field"))
        let value = example.written
        try await connection.run([
            .execute("INSERT INTO \(identifier: table) (id, field) VALUES (1, \(value)), (2, NULL)"),
            .insert(BulkInsert(into: table, columns: ["id", "field"], values: [3, value, 4, value])),
            .update(BulkUpdate(table, keyColumns: ["id"], columns: ["field"], keys: [2], values: [value])),
        ])
        let types = try await connection.query("SELECT DISTINCT typeof(field) FROM \(identifier: table)")
        #expect(types.map { $0[0] } == [.text(example.storage)])
        for (value, count) in [(value, 4), (example.other, 0)] {
            let stores = connection.dialect.stores("field", value, type: column.type)
            let found = try await connection.query("SELECT id FROM \(identifier: table) WHERE \(stores)")
            #expect(found.count == count, "\(value)")
        }
    }

    @Test(arguments: affinities)
    func aColumnStoresWhatItMadeOfTheValueAndNothingElse(_ example: Example) async throws {
        try await connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, field \(raw: example.type))")
        try await check(example)
    }

    @Test(arguments: affinities)
    func aTableWithoutRowIDStoresTheSame(_ example: Example) async throws {
        let columns = "id INTEGER PRIMARY KEY, field \(example.type)"
        try await connection.execute("CREATE TABLE t (\(raw: columns)) WITHOUT ROWID")
        try await check(example)
    }

    @Test(arguments: affinities)
    func aTableOfAnAttachedDatabaseStoresTheSame(_ example: Example) async throws {
        try await connection.execute("ATTACH ':memory:' AS shop")
        try await connection.execute("CREATE TABLE shop.t (id INTEGER PRIMARY KEY, field \(raw: example.type))")
        try await check(example, in: "shop.t")
    }

    @Test func aStrictTableStoresWhatItTakes() async throws {
        let examples = [
            Example("INTEGER", "12", "integer", not: "13"), Example("REAL", .integer(.max), "real", not: 0),
            Example("TEXT", 12, "text", not: 13), Example("ANY", "12", "text", not: 12),
        ]
        for example in examples {
            try await connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, field \(raw: example.type)) STRICT")
            try await check(example)
            try await connection.execute("DROP TABLE t")
        }
    }
}
