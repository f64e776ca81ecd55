import Database
import Foundation

extension DriverCompliance {
    /// `Dialect.stores`.
    static let storedValues: [Check] = [
        Check("a column of each type stores what was written to it, and no other value") { session in
            for sample in StoredSample.all {
                try await session.dropTables()
                try await session.write(sample.values, as: sample.type)
                let column = try await session.field()
                let count = sample.values.count
                for (index, value) in sample.values.enumerated() {
                    try session.equal(
                        try await session.keys(storing: value, in: column),
                        [index, count + index, 2 * count + index],
                        "the rows of a \(column.type) that store \(ComplianceSession.short(value))"
                    )
                }
            }
        },
        Check("a column of each type that takes NULL stores nothing else then") { session in
            for sample in StoredSample.all {
                try await session.dropTables()
                try await session.write([.null], as: sample.type)
                let column = try await session.field()
                for value in sample.values {
                    try session.equal(
                        try await session.keys(storing: value, in: column),
                        value.isNull ? [0, 1, 2] : [],
                        "the NULLs of a \(column.type) that store \(ComplianceSession.short(value))"
                    )
                }
            }
        },
        Check("a change of case alone, or of a blank at the end, is a change") { session in
            let changes = [("name", "Name"), ("NAME", "name"), ("name", "name "), ("name ", "name"), ("", " ")]
            for type in [\ComplianceTypes.text, \ComplianceTypes.shortText] {
                for (before, after) in changes {
                    try await session.dropTables()
                    try await session.write([.text(before)], as: type)
                    let column = try await session.field()
                    let items: SQL = "\(identifier: ComplianceSession.items)"
                    try await session.connection.execute("UPDATE \(items) SET field = \(after)")
                    let old = try await session.keys(storing: .text(before), in: column)
                    try session.equal(old, [], "the rows that still store '\(before)', which is '\(after)' now")
                    let new = try await session.keys(storing: .text(after), in: column)
                    try session.equal(new, [0, 1, 2], "the rows that store '\(after)'")
                }
            }
        },
        Check("a change to NULL, or from it, is a change") { session in
            let changes: [(before: Value, after: Value)] = [("", .null), (.null, ""), ("NULL", .null)]
            for (before, after) in changes {
                try await session.dropTables()
                try await session.write([before], as: \.text)
                let column = try await session.field()
                let items: SQL = "\(identifier: ComplianceSession.items)"
                try await session.connection.execute("UPDATE \(items) SET field = \(after)")
                let old = try await session.keys(storing: before, in: column)
                try session.equal(old, [], "the rows that still store \(before), which is \(after) now")
                let new = try await session.keys(storing: after, in: column)
                try session.equal(new, [0, 1, 2], "the rows that store \(after)")
            }
        },
        Check("what is not stored is found by NOT, NULL on either side") { session in
            try await session.write(["a", "b", .null], as: \.text)
            let column = try await session.field()
            let others: [(value: Value, keys: [Int])] = [
                ("a", [1, 2, 4, 5, 7, 8]), (.null, [0, 1, 3, 4, 6, 7]), ("z", Array(0...8)),
            ]
            for (value, keys) in others {
                let found = try await session.keys(storing: value, in: column, isNegated: true)
                try session.equal(found, keys, "the rows that don't store \(value)")
            }
        },
    ]
}

/// Values of one type that it stores as different ones.
private struct StoredSample {
    let type: KeyPath<ComplianceTypes, String>
    let values: [Value]

    init(_ type: KeyPath<ComplianceTypes, String>, _ values: [Value]) {
        self.type = type
        self.values = values + [.null]
    }

    static var all: [StoredSample] {
        let integers: [Int64] = [0, 1, -1, .min, .max, 1 << 53, 1 << 53 + 1]
        let texts = [
            "", " ", "a", "a ", " a", "A", "\u{E4}", "a\u{308}", "O'Brien", "NULL", "\"", "a\\b", "日本語", "0", "00",
            "0.0", "1e1", "10", "?", "$1", "[1]",
        ]
        let long = String(repeating: "0123456789abcdeü", count: 1 << 12)
        let doubles: [Double] = [
            0, 0.1, 0.1.nextUp, -2.5, 0.3, 0.1 + 0.2, 1.0 / 3, 1e300, -1e-300, .greatestFiniteMagnitude,
        ]
        let blobs: [[UInt8]] = [
            [], [0], [0, 0], [0, 1], [97], Array(0...255), Array(repeating: 0xff, count: 1 << 16),
        ]
        let instants: [Double] = [0, 0.001, -0.5, -1_234_567_890.125, 1_700_000_000.999, 1_700_000_000, 951_782_400]
        let uuids = ["00000000-0000-0000-0000-000000000000", "E621E1F8-C36C-495A-93FC-0C247A3E6E5F"]
        let documents = ["[]", "{}", #"{"a":[1,2.5,null,true]}"#, #"{"a":"b"}"#, #"{"a":"B"}"#, #"["?"]"#]
        let decimals = ["0", "0.1", "-12.1", "123456789012345678.123456789", "123456789012345678.123456788"]
        return [
            StoredSample(\.integer, integers.map(Value.integer)),
            StoredSample(\.text, (texts + [long]).map(Value.text)),
            StoredSample(\.shortText, texts.map(Value.text)),
            StoredSample(\.double, doubles.map(Value.double)),
            StoredSample(\.bool, [.bool(true), .bool(false)]),
            StoredSample(\.blob, blobs.map(Value.blob)),
            StoredSample(\.timestamp, instants.map { .date(Date(timeIntervalSince1970: $0)) }),
            StoredSample(\.uuid, uuids.compactMap { UUID(uuidString: $0).map(Value.uuid) }),
            StoredSample(\.json, documents.map(Value.json)),
            StoredSample(\.decimal, decimals.compactMap { Decimal(string: $0).map(Value.decimal) }),
        ]
    }
}

extension ComplianceSession {
    /// What the schema says of the column that is written to.
    fileprivate func field() async throws -> TableSchema.Column {
        let schema = try unwrap(try await connection.schema(of: Self.items), "the schema")
        return try unwrap(schema.column("field"), "the column in the schema")
    }

    /// The keys of the rows that store a value, or of the others.
    fileprivate func keys(
        storing value: Value,
        in column: TableSchema.Column,
        isNegated: Bool = false
    ) async throws -> [Int] {
        let stores = dialect.stores("\(identifier: column.name)", value, type: column.type)
        let condition: SQL = isNegated ? "NOT (\(stores))" : stores
        let rows = try await connection.query(
            "SELECT id FROM \(identifier: Self.items) WHERE \(condition) ORDER BY id"
        )
        return rows.map { Int($0[0].integer ?? -1) }
    }
}
