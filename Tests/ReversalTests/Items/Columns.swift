import Database
import TestSupport

/// The columns of `items` beside its key.
enum Columns {
    /// One of them.
    struct Column: Sendable {
        var name: String
        var sqlite: String
        var postgres: String
    }

    static let all: [Column] = [
        Column(name: "amount", sqlite: "BIGINT", postgres: "bigint"),
        Column(name: "small", sqlite: "INTEGER", postgres: "integer"),
        Column(name: "ratio", sqlite: "REAL", postgres: "double precision"),
        Column(name: "price", sqlite: "DECIMAL(10, 2)", postgres: "numeric(10, 2)"),
        Column(name: "total", sqlite: "NUMERIC", postgres: "numeric"),
        Column(name: "name", sqlite: "TEXT", postgres: "text"),
        Column(name: "code", sqlite: "CHAR(8)", postgres: "char(8)"),
        Column(name: "label", sqlite: "VARCHAR(40)", postgres: "varchar(40)"),
        Column(name: "bytes", sqlite: "BLOB", postgres: "bytea"),
        Column(name: "flag", sqlite: "BOOLEAN", postgres: "boolean"),
        Column(name: "day", sqlite: "DATE", postgres: "date"),
        Column(name: "moment", sqlite: "TIMESTAMP", postgres: "timestamp with time zone"),
        Column(name: "stamp", sqlite: "TEXT", postgres: "timestamp"),
        Column(name: "token", sqlite: "TEXT", postgres: "uuid"),
        Column(name: "raw", sqlite: "TEXT", postgres: "json"),
        Column(name: "doc", sqlite: "TEXT", postgres: "jsonb"),
        Column(name: "numbers", sqlite: "TEXT", postgres: "integer[]"),
        Column(name: "tags", sqlite: "TEXT", postgres: "text[]"),
        Column(name: "mark", sqlite: "TEXT", postgres: "text"),
    ]

    static let texts = [
        "", "Ada", "Zoë O'Brien", "e\u{301}tude", "\u{e9}tude", "żółw 🐢", "\"quoted\"", "a\\b", "two\nlines", "tab\t",
        "100 % _", "NULL", "日本", " blank ", "{}", "x'00'",
    ]

    private static let documents = [
        "{}", "[]", "null", #"{"b":  1, "a": [null, "é", {"c": 1.50}]}"#, #""text""#, "12.340",
    ]

    /// A value as it may be in a table before a migration.
    static func value(_ column: String, in store: Store, using random: inout SplitMix) -> Value {
        if column == "mark" { return random.chance(30) ? "done" : .null }
        if random.chance(15) { return .null }
        switch column {
        case "amount": return .integer(random.pick([0, 1, -1, 42, .max, .min, 1 << 53]))
        case "small": return .integer(Int64(random.below(2_000) - 1_000))
        case "ratio": return ratio(in: store, using: &random)
        case "price": return .text("\(random.below(100_000)).\(10 + random.below(90))")
        case "total": return .text(random.pick(["12.340", "-0.00001", "123456789012345678.25", "0", "100", "-7.0"]))
        case "name": return .text(random.pick(texts) + (random.chance(50) ? "\(random.below(100))" : ""))
        case "code": return .text(random.pick(["", "a", "abc", "ab cd", "étude", "12345678", "O'B"]))
        case "label": return .text(random.pick(texts))
        case "bytes": return .blob((0..<random.below(40)).map { _ in UInt8(random.below(256)) })
        case "flag": return .bool(random.chance(50))
        case "day": return .text(random.pick(["1700-02-28", "1970-01-01", "2000-02-29", "9999-12-31", "2024-06-30"]))
        case "moment": return .text(instant(using: &random) + (store == .postgres ? "+00" : ""))
        case "stamp":
            let isEndless = random.chance(20)
            return .text(isEndless ? random.pick(["infinity", "-infinity"]) : instant(using: &random))
        case "token":
            let uuid = random.uuid()
            return .text(random.chance(50) ? uuid.uppercased() : uuid)
        case "raw", "doc": return .text(random.pick(documents))
        case "numbers": return .json(random.pick(["[]", "[1,null,-3]", "[2147483647]", "[null]"]))
        default: return .json(random.pick(["[]", #"["a",null,"with \"quotes\", é","{}",""]"#, #"["NULL"]"#]))
        }
    }

    private static func ratio(in store: Store, using random: inout SplitMix) -> Value {
        let plain = [0, -0.0, 0.1, -1.5, 1e300, -1e-300, 3.141592653589793]
        // SQLite takes NaN for NULL.
        return .double(random.pick(store == .postgres ? plain + [.nan, .infinity, -.infinity] : plain))
    }

    /// To the microsecond, also in years for which a `Date` is not that exact.
    private static func instant(using random: inout SplitMix) -> String {
        let year = random.pick(["1700", "1865", "1969", "2024", "2137", "9999"])
        let fraction = random.pick(["", ".5", ".000001", ".123457", ".999999"])
        return "\(year)-12-31 23:59:59\(fraction)"
    }
}
