import Database
import Foundation
import Testing

/// Values of one type, each of which is stored as something else than the others.
struct StoredExample: Sendable, CustomTestStringConvertible {
    let type: String
    let values: [Value]

    var testDescription: String { type }

    /// Makes an example, NULL among it.
    init(_ type: String, _ values: [Value]) {
        self.type = type
        self.values = values + [.null]
    }

    private init(_ type: String, texts: [String]) { self.init(type, texts.map(Value.text)) }

    /// The types that the examples need, besides those of ``Sample``.
    static let ownTypes: [SQL] =
        Sample.ownTypes + [
            "CREATE DOMAIN price AS numeric(6, 2)",
            "CREATE DOMAIN numbers AS integer[]",
            "CREATE DOMAIN whole_seconds AS timestamp(0)",
            "CREATE DOMAIN shorter_text AS short_text CHECK (length(VALUE) < 8)",
            "CREATE TYPE pair AS (a integer, b text)",
        ]

    static let all: [StoredExample] = numbers + texts + documents + others

    private static let numbers: [StoredExample] = [
        StoredExample("int4", [0, 1, -1, .integer(Int64(Int32.max))]),
        StoredExample("int8", [0, .integer(.min), .integer(.max), 9_007_199_254_740_993, 9_007_199_254_740_992]),
        StoredExample("numeric(10,2)", [.decimal(Decimal(1.239)), 1.25, 1, "2.005", 7.125, "-0.004", "-5e-3"]),
        StoredExample("numeric", ["1.0", "1.00", "1", "NaN", "123456789012345678901234567890.5", 0.1]),
        StoredExample("float4", [0.1, 0.2, -2.5, 16_777_217, 16_777_219, .double(3.4e38), .double(.infinity)]),
        StoredExample("float8", [0.1, .double(0.1.nextUp), 0.3, .double(0.1 + 0.2), .double(.nan), 1e300, 1e-300]),
        StoredExample("bool", [true, false]),
        StoredExample("positive", [1, 2, 2_147_483_647]),
        StoredExample("price", [1.239, 1.25, "1.2", 1, .decimal(Decimal(2.5))]),
    ]

    private static let texts: [StoredExample] = [
        StoredExample("text", texts: ["", " ", "a", "A", "a ", "\u{E4}", "a\u{308}", "NULL", "\\N", "{1,2}"]),
        StoredExample("varchar(5)", texts: ["", " ", "ab", "AB", "ab ", "żółwi", "abcde"]),
        StoredExample("char(5)", texts: ["", "ab", "AB", "żółwi", "abcde"]),
        StoredExample("short_text", texts: ["", "ab", "AB", "ab ", "ten żółwi!"]),
        StoredExample("shorter_text", texts: ["", "ab", "AB", "ab "]),
        StoredExample("mood", texts: ["sad", "ok", "it's \"so\" so"]),
        StoredExample("bytea", ([[], [0], [0, 0], [97], Array(0...255)] as [[UInt8]]).map(Value.blob)),
        StoredExample("uuid", texts: ["00000000-0000-0000-0000-000000000001", "E621E1F8-C36C-495A-93FC-0C247A3E6E5F"]),
        StoredExample("bit(3)", texts: ["101", "000"]),
        StoredExample("varbit(5)", texts: ["10101", "1", "10"]),
    ]

    private static let documents: [StoredExample] = [
        StoredExample("json", [#"{"a":1}"#, #"{"a": 1}"#, #"{"a":1,"a":2}"#, "[]", "null"].map(Value.json)),
        StoredExample(
            "jsonb",
            [#"{"a":1,"b":[1.0]}"#, #"{"a":1,"b":[1]}"#, #"{"a":"x"}"#, "[]", "null"].map(Value.json)
        ),
        StoredExample(
            "text[]",
            [
                .array([]), .array([.null]), .array(["NULL"]), .array(["a", "b c"]), .array(["a b", "c"]),
                .array(["a,b", "c"]), .array(["A", "b c"]), .json(#"["x","y"]"#), .array([""]),
            ]
        ),
        StoredExample(
            "int[]",
            [
                .array([]), .array([1, 2]), .array([2, 1]), .array([1, .null]), .json("[3]"),
                .array([.array([1, 2]), .array([3, 4])]), .array([.array([1]), .array([2])]),
            ]
        ),
        StoredExample("varchar(3)[]", [.array(["abc"]), .array(["ab"]), .array(["AB", "c"])]),
        StoredExample("numeric(6,2)[]", [.array([.double(1.239)]), .array([.double(1.25), 1])]),
        StoredExample("numbers", [.array([1, 2]), .array([2, 1]), .array([])]),
        StoredExample("pair", texts: ["(1,a)", "(1,)", "(,a)", #"(1,"")"#, "(,)"]),
    ]

    private static let others: [StoredExample] = [
        StoredExample("timestamp", instants(["2024-02-29 23:59:59.123456", "2024-02-29 23:59:59.123457"])),
        StoredExample("timestamp", texts: ["infinity", "-infinity", "2024-02-29 23:59:59.1"]),
        StoredExample(
            "timestamp(0)",
            instants(["2024-02-29 23:59:59.5", "1970-01-01 00:00:00.4", "2024-02-29 23:59:59"])
        ),
        StoredExample("timestamptz", instants(["2024-02-29 23:59:59.123456", "1969-12-31 23:59:59.999"])),
        StoredExample("timestamptz(3)", texts: ["2024-02-29 23:59:59.1234+02:00", "2024-02-29 23:59:59.1234+03:00"]),
        StoredExample("whole_seconds", instants(["2024-02-29 23:59:59.5", "1970-01-01 00:00:00.4"])),
        StoredExample("date", instants(["2024-02-29 23:59:59", "1969-12-31 23:59:59"]) + ["2024-02-28", "infinity"]),
        StoredExample("time(0)", texts: ["23:59:58.4", "00:00:00.6"]),
        // Equal to each other, and not the same.
        StoredExample("interval", texts: ["24:00:00", "1 day", "30 days", "1 month"]),
        StoredExample("interval(1)", texts: ["00:00:01.26", "00:00:01.2"]),
        StoredExample("inet", texts: ["10.0.0.1/8", "10.0.0.1", "::1"]),
        StoredExample("int4range", texts: ["[1,5)", "[2,4]", "empty", "(,7]"]),
        StoredExample("point", texts: ["(1,2.5)", "(1,2.4)"]),
    ]

    private static func instants(_ texts: [String]) -> [Value] {
        texts.map { .date(Timestamp.parse($0) ?? .distantPast) }
    }
}
