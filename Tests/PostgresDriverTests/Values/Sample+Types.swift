import Database
import Foundation

extension Sample {
    /// Types of the database's own that the samples need.
    static let ownTypes: [SQL] = [
        "CREATE TYPE mood AS ENUM ('sad', 'ok', 'it''s \"so\" so')",
        "CREATE DOMAIN positive AS integer CHECK (VALUE > 0)",
        "CREATE DOMAIN short_text AS varchar(10)",
    ]

    /// Values of the kind that a type is made for: they go, and come, in binary form where there is one.
    static let natural: [Sample] = [
        Sample("int2", integers([0, 1, -1, Int64(Int16.min), Int64(Int16.max)]), asInteger),
        Sample("int4", integers([0, 1, -1, Int64(Int32.min), Int64(Int32.max)]), asInteger),
        Sample("int8", integers([0, 1, -1, .min, .max, 1 << 53 + 1]), asInteger),
        Sample("oid", integers([0, 1, Int64(UInt32.max)]), asInteger),
        Sample("int4", [(.bool(true), "1"), (.bool(false), "0")], asInteger),
        Sample(
            "float8",
            doubles([0, 0.1, -2.5, 1.0 / 3, 1e300, -1e-300, .greatestFiniteMagnitude, .infinity]),
            asDouble
        ),
        Sample("float8", integers([0, -3, 1 << 40]), asDouble),
        Sample("float4", doubles([0, 0.1, -2.5, 3.4e38, 1e-37, 16_777_216, -.infinity]), asFloat),
        Sample("numeric", integers([0, -1, .max]), asText),
        Sample("numeric", doubles([0.1, -2.5, 1e20, 1e-20]), asText),
        Sample("text", texts.map { text -> Pair in (.text(text), text) }, asText),
        Sample("varchar", texts.map { text -> Pair in (.text(text), text) }, asText),
        Sample("bytea", blobs.map { blob -> Pair in (.blob(blob), hexadecimal(blob)) }, asBytes),
        Sample("bool", [(.bool(true), "t"), (.bool(false), "f"), (.integer(1), "t"), (.integer(0), "f")], asBool),
        Sample("timestamp", instants, asInstant),
        Sample("timestamptz", instants, asInstant),
        Sample("date", instants, asText),
        Sample("uuid", uuids.map { uuid -> Pair in (.uuid(uuid), uuid.uuidString) }, asText),
        Sample("json", documents.map { document -> Pair in (.json(document), document) }, asText),
        Sample("jsonb", documents.map { document -> Pair in (.json(document), document) }, asText),
        Sample("positive", integers([1, 2_147_483_647]), asInteger),
    ]

    /// Text in the place of other types: the server's own input functions read it.
    static let written: [Sample] = [
        Sample("int4", texts: ["12", "-12", " 12 ", "+12"], asInteger),
        Sample("float8", texts: ["0.1", "1e5", "-Infinity"], asDouble),
        Sample("numeric", texts: ["0", "0.00", "-12.10", "1e-20", " 5 ", "NaN"]),
        Sample("bool", texts: ["true", "f", "yes", "off", "1"], asBool),
        Sample("timestamp", texts: ["2024-02-29 23:59:59.123456", "infinity", "-infinity"], asInstant),
        Sample("timestamptz", texts: ["2024-02-29 23:59:59+02:00", "infinity", "-infinity"], asInstant),
        Sample("date", texts: ["2024-02-29", "infinity", "-infinity", "29 February 2024"]),
        Sample("date", texts: ["20204-01-01", "5874897-12-31", "0044-03-15 BC", "4714-11-24 BC"]),
        Sample("uuid", texts: uuids.map(\.uuidString) + uuids.map { $0.uuidString.lowercased() }),
        Sample("json", texts: documents),
        Sample("jsonb", texts: documents),
        Sample("mood", texts: ["sad", "ok", "it's \"so\" so"]),
        Sample("short_text", texts: ["", "ten żółwi!"]),
        Sample("inet", texts: ["10.0.0.1/8", "::1", "192.168.0.1"]),
        Sample("interval", texts: ["1 year 2 mons 3 days 04:05:06.789", "-00:00:01", "0"]),
        Sample("time", texts: ["00:00:00", "23:59:59.123456"]),
        Sample("int4range", texts: ["[1,5)", "empty", "(,7]"]),
        Sample("point", texts: ["(1,2.5)"]),
    ]

    /// Types with a length, which a bulk statement must not shorten.
    static let limited: [Sample] = [
        Sample("char(5)", texts: ["abcde", "żółwi"]),
        Sample("varchar(5)", texts: ["abcde", "żółwi", ""]),
        Sample("bit(3)", texts: ["101", "000"]),
        Sample("varbit(5)", texts: ["10101", "1"]),
        Sample("numeric(6, 2)", texts: ["1234.56", "1.005", "-0.004"]),
        Sample("timestamp(3)", instants, asInstant),
    ]

    private static func integers(_ integers: [Int64]) -> [Pair] {
        integers.map { integer -> Pair in (.integer(integer), "\(integer)") }
    }

    private static func doubles(_ doubles: [Double]) -> [Pair] {
        doubles.map { double -> Pair in (.double(double), "\(double)") }
    }

    private static let texts = [
        "", " ", "a", "O'Brien", "\"", "a\\b", "\\N", "\\.", "line\r\nline\ttab", "żółw", "日本語", "👩‍👩‍👧", "e\u{301}",
        "\u{FEFF}", "NULL", "?", "$1", "{1,2}", String(repeating: "0123456789abcdeü", count: 500),
    ]

    private static let blobs: [[UInt8]] = [
        [], [0], [0, 0, 1, 0], Array("\\x".utf8), Array(0...255), Array(repeating: 0xFF, count: 10_000),
    ]

    private static let instants = [
        "2024-02-29 23:59:59.123456", "1970-01-01 00:00:00", "1969-12-31 23:59:59.999999", "1999-12-31 23:59:59.5",
        "2000-01-01 00:00:00", "0001-01-01 00:00:00", "9999-12-31 23:59:59",
    ].map { text -> Pair in (.date(Timestamp.parse(text) ?? .distantPast), text) }

    private static let uuids = [UUID(), UUID(), UUID()]

    private static let documents = [
        #"{"a": [1, 2.5, null, true], "b": {"c": "O'Brien \"x\" ü"}}"#, "[]", "{}", "[ 1,2 ]", #""text""#, "5", "null",
    ]
}
