import Database
import Foundation
import Testing

/// What a column makes of a value is known again, and so is a change of it; and rows have hashes that tell the same.
@Suite(.enabled(if: TestServer.isThere), .serialized)
struct StoredValueTests {
    /// Writes the values in every way into `items`, value `i` into rows whose `place` is `i`.
    private func withItems(
        _ type: String,
        _ values: [Value],
        _ body: (_ connection: any DatabaseConnection) async throws -> Void
    ) async throws {
        try await TestServer.withConnection { connection in
            for type in StoredExample.ownTypes { try await connection.execute(type) }
            _ = try await RoundTrip(connection: connection, type: type).fields(values)
            try await body(connection)
        }
    }

    /// The condition that `field` of a table stores a value.
    private func storing(
        _ value: Value,
        in connection: any DatabaseConnection,
        table: String = "items"
    ) async throws -> SQL {
        let column = try #require(try await connection.schema(of: table)?.column("field"))
        return connection.dialect.stores("field", value, type: column.type)
    }

    private func expectToldApart(
        _ values: [Value],
        as type: String,
        in connection: any DatabaseConnection
    ) async throws {
        for (place, value) in values.enumerated() {
            let stores = try await storing(value, in: connection)
            let found = try await connection.query("SELECT DISTINCT place FROM items WHERE \(stores)")
            #expect(found.map { $0[0] } == [.integer(Int64(place))], "\(value) as \(type)")
            let missed = try await connection.query("SELECT way FROM items WHERE place = \(place) AND NOT (\(stores))")
            #expect(missed.map { $0[0] } == [], "\(value) as \(type)")
        }
    }

    @Test(arguments: StoredExample.all)
    func aColumnStoresWhatItMadeOfTheValueAndNoOther(_ example: StoredExample) async throws {
        try await withItems(example.type, example.values) { connection in
            try await expectToldApart(example.values, as: example.type, in: connection)
        }
    }

    @Test(arguments: StoredExample.all)
    func rowsHaveTheHashOfTheirValuesHoweverTheyWereWritten(_ example: StoredExample) async throws {
        try await withItems(example.type, example.values) { connection in
            for columns: [SQL] in [["field"], ["way", "field"], ["field", "field", "place"]] {
                // Of rows that were written in the same way, or of all.
                let group: SQL = columns.count == 2 ? "way, place" : "place"
                let hash = connection.dialect.rowHash(columns)
                let torn = try await connection.query(
                    "SELECT place FROM items GROUP BY \(group) HAVING count(DISTINCT \(hash)) <> 1"
                )
                #expect(torn.isEmpty, "rows with the same values have different hashes")
                let count = try await connection.number("SELECT count(DISTINCT \(hash)) FROM items")
                let groups = try await connection.number("SELECT count(DISTINCT (\(group))) FROM items")
                #expect(count == groups, "rows with different values have the same hash")
            }
        }
    }

    struct Alike: Sendable, CustomTestStringConvertible {
        var type: String
        var written: Value
        /// What means the same to the column.
        var alike: [Value]

        init(_ type: String, _ written: Value, _ alike: [Value]) {
            self.type = type
            self.written = written
            self.alike = alike
        }

        var testDescription: String { "\(written) as \(type)" }
    }

    static let alike: [Alike] = [
        Alike("numeric(10,2)", .decimal(Decimal(1.239)), [1.24, "1.240", .decimal(Decimal(1.2351))]),
        Alike("varchar(5)", "abcde   ", ["abcde", "abcde "]),
        Alike("char(5)", "ab", ["ab ", "ab        "]),
        Alike("timestamp(0)", "2024-02-29 23:59:59.5", ["2024-03-01 00:00:00.4", "2024-03-01"]),
        Alike("timestamptz", "2024-02-29 23:59:59+02:00", ["2024-02-29 21:59:59", "2024-02-29 22:59:59+01:00"]),
        Alike("jsonb", .json(#"{"a": 1, "b": 2}"#), [.json(#"{"b":2,"a":1}"#), .text(#"{"a":0,"b":2,"a":1}"#)]),
        Alike("text[]", .array(["a", .null]), [.json(#"["a", null]"#), .text("{a,NULL}"), .text(#"{"a",null}"#)]),
        Alike("int[]", .array([1, 2]), [.json("[1,2]"), .array(["1", " 2"]), .text("{1,2}")]),
        Alike("float4", 0.1, [.double(Double(Float(0.1))), "0.1", "0.100000001"]),
        Alike("float8", 0.5, ["0.5", "5e-1"]),
        Alike("bool", true, [1, "yes"]),
        Alike("uuid", "E621E1F8-C36C-495A-93FC-0C247A3E6E5F", ["e621e1f8c36c495a93fc0c247a3e6e5f"]),
        Alike("price", 1.239, ["1.24", .decimal(Decimal(1.24))]),
        Alike("positive", 5, ["5", " 5 "]),
        Alike("interval", "90 minutes", ["01:30:00", "1.5 hours"]),
    ]

    @Test(arguments: alike) func aValueThatTheColumnMakesTheSameOfIsStoredToo(_ example: Alike) async throws {
        try await TestServer.withConnection { connection in
            for type in StoredExample.ownTypes { try await connection.execute(type) }
            try await connection.execute("CREATE TABLE items (field \(raw: example.type))")
            try await connection.execute("INSERT INTO items VALUES (\(example.written))")
            for value in [example.written] + example.alike {
                let stores = try await storing(value, in: connection)
                #expect(try await connection.number("SELECT count(*) FROM items WHERE \(stores)") == 1, "\(value)")
            }
        }
    }

    @Test func textOfAnyCaseIsToldApartWhereTheTypeTakesItForEqual() async throws {
        try await TestServer.withConnection { connection in
            let extensions: SQL = "SELECT 1 FROM pg_available_extensions WHERE name = 'citext'"
            guard try await !connection.query(extensions).isEmpty else { return }
            try await connection.execute("CREATE EXTENSION IF NOT EXISTS citext")
            let place: SQL = "SELECT extnamespace::regnamespace::text FROM pg_extension WHERE extname = 'citext'"
            let schema = try #require(try await connection.texts(place)[0][0])
            let values: [Value] = ["Name", "name", "name ", "", .null]
            _ = try await RoundTrip(connection: connection, type: schema + ".citext").fields(values)
            try await expectToldApart(values, as: "citext", in: connection)
            let hash = connection.dialect.rowHash(["field"])
            #expect(try await connection.number("SELECT count(DISTINCT \(hash)) FROM items") == 5)
        }
    }

    @Test func textOfAnyCaseIsToldApartWhereTheCollationTakesItForEqual() async throws {
        try await TestServer.withConnection { connection in
            let collations: SQL = "SELECT 1 FROM pg_collation WHERE collprovider = 'i' LIMIT 1"
            guard try await !connection.query(collations).isEmpty else { return }
            try await connection.execute(
                "CREATE COLLATION loose (provider = icu, locale = 'und-u-ks-level2', deterministic = false)"
            )
            for type in ["text COLLATE loose", "varchar(9) COLLATE loose", "text[] COLLATE loose"] {
                try await connection.execute("DROP TABLE IF EXISTS items")
                try await connection.execute("CREATE TABLE items (field \(raw: type))")
                let isArray = type.hasPrefix("text[]")
                let values: [Value] = isArray ? [.array(["Name"]), .array(["name"])] : ["Name", "name"]
                for value in values { try await connection.execute("INSERT INTO items VALUES (\(value))") }
                for value in values {
                    let stores = try await storing(value, in: connection)
                    #expect(try await connection.number("SELECT count(*) FROM items WHERE \(stores)") == 1, "\(type)")
                }
                let hash = connection.dialect.rowHash(["field"])
                #expect(try await connection.number("SELECT count(DISTINCT \(hash)) FROM items") == 2, "\(type)")
            }
        }
    }

    @Test func theServersOwnFormatsHideNoChangeAndMakeNoOtherHash() async throws {
        try await TestServer.withSchema { url in
            let values: [Value] = [0.3, .double(0.1 + 0.2)]
            let rows = values.enumerated().flatMap { index, value -> [Value] in
                [.integer(Int64(index)), value, .blob([0, 92, 200]), .date(Date(timeIntervalSince1970: 0.5))]
            }
            let columns: [SQL] = ["field", "bytes", "happened", "took"]
            var hashes: [[Value]] = []
            let settings = "-c extra_float_digits=0 -c bytea_output=escape -c DateStyle=German -c TimeZone=Asia/Tokyo"
            let options = settings.replacing(" ", with: "%20").replacing("=", with: "%3D")
            for more in ["", "&options=\(options)%20-c%20IntervalStyle%3Diso_8601"] {
                let connection = try await TestServer.connect(url + more)
                if hashes.isEmpty {
                    try await connection.execute(
                        """
                        CREATE TABLE items (id bigint, field float8, bytes bytea, happened timestamptz,
                        took interval DEFAULT '26:00:00')
                        """
                    )
                    let names = ["id", "field", "bytes", "happened"]
                    try await connection.run([.insert(BulkInsert(into: "items", columns: names, values: rows))])
                }
                for (id, value) in values.enumerated() {
                    let stores = try await storing(value, in: connection)
                    let found = try await connection.query("SELECT id FROM items WHERE \(stores)")
                    #expect(found.map { $0[0] } == [.integer(Int64(id))], "\(more)")
                }
                let hash = connection.dialect.rowHash(columns)
                hashes.append(try await connection.query("SELECT \(hash) FROM items ORDER BY id").map { $0[0] })
                await connection.close()
            }
            #expect(hashes[0] == hashes[1])
            #expect(Set(hashes[0]).count == 2)
        }
    }
}
