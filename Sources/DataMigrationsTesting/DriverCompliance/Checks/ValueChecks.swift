import Database
import Foundation

extension DriverCompliance {
    /// Each case of `Value`, there and back.
    static let values: [Check] = [
        Check("integers come back whole, the smallest and the largest too") { session in
            let numbers: [Int64] = [0, 1, -1, .min, .max, 1 << 53 + 1]
            try await session.roundTrip(\.integer, numbers.map(Value.integer)) { $0 == .integer($1.integer ?? 0) }
        },
        Check("floating point numbers come back to the bit") { session in
            let numbers = [0, 0.1, -2.5, 1.0 / 3, 1e300, -1e-300, .greatestFiniteMagnitude, .leastNormalMagnitude]
            try await session.roundTrip(\.double, numbers.map(Value.double)) { $0.double == $1.double }
        },
        Check("Booleans come back as 1 and 0") { session in
            try await session.roundTrip(\.bool, [.bool(true), .bool(false)]) { $0.integer == $1.integer }
        },
        Check("text comes back byte by byte") { session in
            let texts = [
                "a", " ", "O'Brien", "\"", "a\\b", "line\r\nline", "żółw", "日本語", "👩‍👩‍👧", "e\u{301}", "NULL", "?", "$1",
            ]
            try await session.roundTrip(\.text, texts.map(Value.text)) {
                $0.text.map { Array($0.utf8) } == $1.text.map { Array($0.utf8) }
            }
        },
        Check("a megabyte of text comes back") { session in
            let text = String(repeating: "0123456789abcdeü", count: 1 << 16)
            try await session.roundTrip(\.text, [.text(text)]) { $0 == $1 }
        },
        Check("empty text is not NULL, and NULL is not empty text") { session in
            try await session.roundTrip(\.text, [.text(""), .null]) { $0 == $1 }
        },
        Check("an empty blob is not NULL") { session in
            try await session.roundTrip(\.blob, [.blob([]), .null]) { $0 == $1 }
        },
        Check("blobs keep all 256 bytes, NUL among them") { session in
            let blobs: [[UInt8]] = [[0], [0, 0, 1, 0], Array(0...255), Array(repeating: 0xff, count: 1 << 20)]
            try await session.roundTrip(\.blob, blobs.map(Value.blob)) { $0 == $1 }
        },
        Check("instants come back to the millisecond, before 1970 too") { session in
            let instants = [0, 0.001, -0.5, -1_234_567_890.125, 1_700_000_000.999, 951_782_400, 4_102_444_799.5]
            let dates = instants.map { Value.date(Date(timeIntervalSince1970: $0)) }
            try await session.roundTrip(\.timestamp, dates) { actual, expected in
                guard let read = actual.text.flatMap({ Timestamp.parse($0) }), case .date(let date) = expected else {
                    return actual == expected
                }
                return abs(read.timeIntervalSince(date)) < 0.000_5
            }
        },
        Check("UUIDs come back") { session in
            let texts = ["00000000-0000-0000-0000-000000000000", "E621E1F8-C36C-495A-93FC-0C247A3E6E5F"]
            let values = texts.compactMap { UUID(uuidString: $0).map(Value.uuid) }
            try await session.roundTrip(\.uuid, values) { actual, expected in
                if case .blob(let bytes) = actual {
                    return bytes.map { String(format: "%02x", $0) }.joined()
                        == expected.text?.replacing("-", with: "")
                }
                return actual.text?.lowercased() == expected.text
            }
        },
        Check("JSON documents come back with the same meaning") { session in
            let texts = [#"{"a":[1,2.5,null,true],"b":{"c":"O'Brien \"x\" \u00fc"}}"#, "[]", "{}", #"["?"]"#]
            try await session.roundTrip(\.json, texts.map(Value.json)) { actual, expected in
                guard let actual = actual.text, let expected = expected.text else { return actual == expected }
                let parsed = try [actual, expected].map { text in
                    try JSONSerialization.jsonObject(with: Data(text.utf8)) as? NSObject
                }
                return parsed[0] != nil && parsed[0] == parsed[1]
            }
        },
        Check("decimal numbers come back exactly") { session in
            let texts = ["0", "0.1", "-12.10", "123456789012345678.123456789", "99999999999999999", "0.000000001"]
            let values = texts.compactMap { Decimal(string: $0).map(Value.decimal) }
            try await session.roundTrip(\.decimal, values) { actual, expected in
                guard let text = actual.text, case .decimal(let decimal) = expected else { return actual == expected }
                return Decimal(string: text) == decimal
            }
        },
        Check("NULL comes back from a column of each type") { session in
            let types: [KeyPath<ComplianceTypes, String>] = [
                \.integer, \.text, \.shortText, \.double, \.bool, \.blob, \.timestamp, \.uuid, \.json, \.decimal,
            ]
            for type in types {
                try await session.dropTables()
                try await session.roundTrip(type, [.null]) { $0 == $1 }
            }
        },
    ]
}

extension ComplianceSession {
    /// Makes a table, and writes values with SQL, with a bulk insert and with a bulk update.
    ///
    /// Of `n` values the first is in the rows 0, `n` and `2n`, in the column `field`.
    func write(_ values: [Value], as type: KeyPath<ComplianceTypes, String>) async throws {
        try await createItems("id \(raw: types.integer) PRIMARY KEY, field \(raw: types[keyPath: type])")
        let count = values.count
        for (index, value) in values.enumerated() {
            try await connection.run([
                .execute("INSERT INTO \(identifier: Self.items) (id, field) VALUES (\(index), \(value))"),
                .execute("INSERT INTO \(identifier: Self.items) (id, field) VALUES (\(2 * count + index), NULL)"),
            ])
        }
        let inserted = values.enumerated().flatMap { [.integer(Int64(count + $0)), $1] }
        let keys = values.indices.map { Value.integer(Int64(2 * count + $0)) }
        try await connection.run([
            .insert(BulkInsert(into: Self.items, columns: ["id", "field"], values: inserted)),
            .update(BulkUpdate(Self.items, keyColumns: ["id"], columns: ["field"], keys: keys, values: values)),
        ])
    }

    /// Writes values in each way, and compares what is read.
    fileprivate func roundTrip(
        _ type: KeyPath<ComplianceTypes, String>,
        _ values: [Value],
        isSame: (_ actual: Value, _ expected: Value) throws -> Bool
    ) async throws {
        try await write(values, as: type)
        let count = values.count
        let rows = try await connection.query("SELECT field FROM \(identifier: Self.items) ORDER BY id")
        try equal(rows.count, 3 * count, "the number of rows")
        for (index, row) in rows.enumerated() {
            let way = ["SQL", "a bulk insert", "a bulk update"][index / count]
            let expected = values[index % count]
            try require(
                try isSame(row[0], expected) && row[0].isNull == expected.isNull,
                "\(Self.short(expected)), written with \(way), came back as \(Self.short(row[0]))"
            )
        }
    }

    /// A value as a failure tells it.
    static func short(_ value: Value) -> String { String("\(value)".prefix(80)) }
}
