import Database
import Foundation

extension DriverCompliance {
    /// `Dialect.rowHash`.
    static let rowHashes: [Check] = [
        Check("equal rows have the same hash, whatever table they are in, and different ones another") { session in
            let rows = [TypedRow.first, TypedRow.second, Array(repeating: Value.null, count: TypedRow.columns.count)]
            try await session.createTyped(ComplianceSession.items, TypedRow.columns, rows)
            try await session.createTyped(ComplianceSession.parents, TypedRow.columns.reversed(), rows + rows)
            let hashes = try await session.hashes(TypedRow.columns)
            try session.equal(Set(hashes).count, 3, "the number of different hashes")
            let others = try await session.hashes(TypedRow.columns, of: ComplianceSession.parents)
            try session.equal(others, hashes + hashes, "the hashes of the same rows in another table")
        },
        Check("a row has the same hash in another session", needsSharedDatabase: true) { session in
            try await session.createTyped(ComplianceSession.items, TypedRow.columns, [TypedRow.first, TypedRow.second])
            let hashes = try await session.hashes(TypedRow.columns)
            let second = try await session.suite.connect()
            let other = ComplianceSession(check: session.check, connection: second, suite: session.suite)
            let again = try await other.hashes(TypedRow.columns)
            await second.close()
            try session.equal(again, hashes, "the hashes")
        },
        Check("a change of any value changes the hash, one to NULL too") { session in
            var rows = [TypedRow.first]
            for index in TypedRow.columns.indices {
                for value in [TypedRow.second[index], .null] {
                    var row = TypedRow.first
                    row[index] = value
                    rows.append(row)
                }
            }
            try await session.createTyped(ComplianceSession.items, TypedRow.columns, rows)
            let hashes = try await session.hashes(TypedRow.columns)
            try session.equal(Set(hashes).count, rows.count, "the number of different hashes")
        },
        Check("a hash tells NULL from empty text, and both from no value") { session in
            try await session.createTexts([
                ["x", nil], ["x", ""], [nil, "x"], ["", "x"], [nil, nil], ["", ""], [nil, ""], ["", nil],
            ])
            let pairs = try await session.hashes(["a", "b"])
            try session.equal(Set(pairs).count, 8, "the number of different hashes of two values")
            // x, NULL and '' by themselves.
            let alone = try await session.hashes(["a"])
            try session.equal(Set(alone).count, 3, "the number of different hashes of one value")
            try session.equal(Set(pairs + alone).count, 11, "the number of different hashes of all")
        },
        Check("a hash knows where a value ends, which one it is, and its case and blanks") { session in
            let rows: [[String?]] = [
                ["ab", "c"], ["a", "bc"], ["abc", ""], ["", "abc"], ["a,b", "c"], ["a", "b,c"], ["a", "b"], ["b", "a"],
                ["a\"", "b"], ["a", "\"b"], ["a\\", "b"], ["a", "\\b"], ["a)", "(b"], ["(a", "b)"], ["a b", "c"],
                ["a", "b c"], ["\"a\"", "b"], ["A", "b"], ["a ", "b"], ["a", "b "], ["a", " b"], ["a\",\"b", ""],
            ]
            try await session.createTexts(rows)
            let hashes = try await session.hashes(["a", "b"])
            try session.equal(Set(hashes).count, rows.count, "the number of different hashes")
        },
        Check("a hash is of all its values, be they 1, 3 or 150") { session in
            let names = (0..<150).map { "c\($0)" }
            let integer: SQL = "\(raw: session.types.integer)"
            let columns = names.map { "\(identifier: $0) \(integer)" as SQL }
            try await session.createItems("id \(integer) PRIMARY KEY, \(SQL.joined(columns, separator: ", "))")
            // Row 0 is all zeros, and each other one has a single 1.
            var values: [Value] = []
            for row in 0...names.count {
                values.append(.integer(Int64(row)))
                values.append(contentsOf: names.indices.map { Value.integer($0 == row - 1 ? 1 : 0) })
            }
            let insert = BulkInsert(into: ComplianceSession.items, columns: ["id"] + names, values: values)
            try await session.connection.run([.insert(insert)])
            for width in [1, 3, 99, 100, 101, 150] {
                let hashes = try await session.hashes(Array(names.prefix(width)))
                let different = Set(hashes.prefix(width + 1)).count
                try session.equal(different, width + 1, "the number of different hashes of \(width) values")
                let rest = Set(hashes.dropFirst(width + 1))
                try session.require(
                    rest.isSubset(of: [hashes[0]]),
                    "a value that is not among the \(width) changed their hash"
                )
            }
        },
        Check("a hash is an integer of 64 bits with a sign, by which rows can be found") { session in
            try await session.createTexts((0..<200).map { ["\($0)", nil] })
            let hashes = try await session.hashes(["a"])
            let integers = hashes.compactMap { value -> Int64? in
                if case .integer(let integer) = value { integer } else { nil }
            }
            try session.equal(integers.count, 200, "the number of hashes that are integers")
            try session.equal(Set(integers).count, 200, "the number of different hashes")
            try session.require(integers.contains { $0 < 0 } && integers.contains { $0 > 0 }, "all have the same sign")
            let large = integers.count { $0.magnitude > UInt64(UInt32.max) }
            try session.require(large > 190, "\(200 - large) of 200 hashes have no more than 32 bits")
            let hash = session.dialect.rowHash(["\(identifier: "a")"])
            let rows = try await session.connection.query(
                "SELECT id FROM \(identifier: ComplianceSession.items) WHERE \(hash) = \(integers[7])"
            )
            try session.equal(rows.map { $0[0] }, [7], "the rows of a hash")
        },
    ]
}

/// Two rows of a column of each type, which differ in each of them.
private enum TypedRow {
    static let columns = ["integer", "text", "double", "bool", "blob", "timestamp", "uuid", "json", "decimal"]

    static let first: [Value] = [
        5, "five", 0.1, true, .blob([0, 255]), .date(Date(timeIntervalSince1970: 1_700_000_000.125)), uuid(1),
        .json(#"{"a":[1,null]}"#), .decimal(Decimal(12.5)),
    ]

    static let second: [Value] = [
        6, "Five", .double(0.1.nextUp), false, .blob([0]), .date(Date(timeIntervalSince1970: 1_700_000_000.126)),
        uuid(2), .json(#"{"a":[2,null]}"#), .decimal(Decimal(12.25)),
    ]

    private static func uuid(_ last: Int) -> Value {
        UUID(uuidString: "E621E1F8-C36C-495A-93FC-0C247A3E6E5\(last)").map(Value.uuid) ?? .null
    }

    static func typeName(of column: String, _ types: ComplianceTypes) -> String {
        switch column {
        case "integer": types.integer
        case "text": types.text
        case "double": types.double
        case "bool": types.bool
        case "blob": types.blob
        case "timestamp": types.timestamp
        case "uuid": types.uuid
        case "json": types.json
        default: types.decimal
        }
    }
}

extension ComplianceSession {
    /// Makes a table whose columns stand in an order of its own, and writes rows whose values stand in that of all.
    fileprivate func createTyped(_ table: String, _ columns: [String], _ rows: [[Value]]) async throws {
        let definitions = columns.map { "\(identifier: $0) \(raw: TypedRow.typeName(of: $0, types))" as SQL }
        try await connection.execute(
            """
            CREATE TABLE \(identifier: table) (id \(raw: types.integer) PRIMARY KEY,
            \(SQL.joined(definitions, separator: ", ")))
            """
        )
        let values = rows.enumerated().flatMap { index, row -> [Value] in [.integer(Int64(index))] + row }
        try await connection.run([
            .insert(BulkInsert(into: table, columns: ["id"] + TypedRow.columns, values: values))
        ])
    }

    /// Makes a table of two texts.
    fileprivate func createTexts(_ rows: [[String?]]) async throws {
        try await createItems("id \(raw: types.integer) PRIMARY KEY, a \(raw: types.text), b \(raw: types.text)")
        let values = rows.enumerated().flatMap { index, row -> [Value] in
            [.integer(Int64(index))] + row.map { $0.map(Value.text) ?? .null }
        }
        try await connection.run([.insert(BulkInsert(into: Self.items, columns: ["id", "a", "b"], values: values))])
    }

    /// The hashes of some columns, row by row.
    fileprivate func hashes(_ columns: [String], of table: String = items) async throws -> [Value] {
        let hash = dialect.rowHash(columns.map { "\(identifier: $0)" as SQL })
        return try await connection.query("SELECT \(hash) FROM \(identifier: table) ORDER BY id").map { $0[0] }
    }
}
