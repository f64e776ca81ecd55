/// A column's type, by the names that Rails' generators have for them.
enum ColumnType: Equatable {
    case string(Int?)
    case decimal([Int])
    case references(isPolymorphic: Bool)
    case text, integer, bigint, float, boolean, date, datetime, time, uuid, json, jsonb, binary

    private static let plain: [String: ColumnType] = [
        "text": .text, "integer": .integer, "bigint": .bigint, "float": .float, "boolean": .boolean, "date": .date,
        "datetime": .datetime, "timestamp": .datetime, "time": .time, "uuid": .uuid, "json": .json, "jsonb": .jsonb,
        "binary": .binary,
    ]

    /// What there is, for messages.
    static let names = [
        "string", "text", "integer", "bigint", "float", "decimal", "boolean", "date", "datetime", "timestamp", "time",
        "uuid", "json", "jsonb", "binary", "references", "belongs_to",
    ]

    /// Reads a name and what stands in braces behind it: `decimal`, `10,2`.
    ///
    /// - Throws: `GeneratorError` for a type that there is not, or that takes nothing of the kind.
    init(_ name: String, option: String?) throws {
        let numbers = option?.split(whereSeparator: { ",.-".contains($0) }).map { Int($0) } ?? []
        switch (name, option) {
        case ("string", nil): self = .string(nil)
        case ("string", _) where numbers.count == 1 && (numbers[0] ?? 0) > 0: self = .string(numbers[0])
        case ("decimal", nil): self = .decimal([])
        case ("decimal", _) where (1...2).contains(numbers.count) && numbers.allSatisfy { $0 ?? -1 >= 0 }:
            self = .decimal(numbers.compactMap(\.self))
        case ("references", nil), ("belongs_to", nil): self = .references(isPolymorphic: false)
        case ("references", "polymorphic"), ("belongs_to", "polymorphic"): self = .references(isPolymorphic: true)
        default:
            guard Self.names.contains(name) else {
                throw GeneratorError("there is no type '\(name)'; there are \(Self.names.joined(separator: ", "))")
            }
            guard option == nil, let plain = Self.plain[name] else {
                throw GeneratorError(
                    "the type \(name) takes no {\(option ?? "")}; braces are for string{40}, decimal{10,2} and "
                        + "references{polymorphic}"
                )
            }
            self = plain
        }
    }

    /// How it is declared.
    func sql(_ dialect: SchemaDialect) -> String {
        switch dialect {
        case .postgresql: postgresql
        case .sqlite: sqlite
        }
    }

    private var postgresql: String {
        switch self {
        case .string(let length): length.map { "varchar(\($0))" } ?? "varchar"
        case .decimal(let numbers): numbers.isEmpty ? "numeric" : "numeric(\(Self.list(numbers)))"
        case .references: "bigint"
        case .text: "text"
        case .integer: "integer"
        case .bigint: "bigint"
        case .float: "double precision"
        case .boolean: "boolean"
        case .date: "date"
        case .datetime: "timestamptz"
        case .time: "time"
        case .uuid: "uuid"
        case .json: "json"
        case .jsonb: "jsonb"
        case .binary: "bytea"
        }
    }

    /// SQLite makes numbers of texts in columns of types that it does not know: what is kept as text is declared so.
    private var sqlite: String {
        switch self {
        case .string(let length): length.map { "VARCHAR(\($0))" } ?? "TEXT"
        case .decimal(let numbers): numbers.isEmpty ? "DECIMAL" : "DECIMAL(\(Self.list(numbers)))"
        case .references, .integer, .bigint: "INTEGER"
        case .text, .uuid, .json, .jsonb: "TEXT"
        case .float: "REAL"
        case .boolean: "BOOLEAN"
        case .date: "DATE"
        case .datetime: "TIMESTAMP"
        case .time: "TIME"
        case .binary: "BLOB"
        }
    }

    private static func list(_ numbers: [Int]) -> String { numbers.map(String.init).joined(separator: ", ") }

    /// What rows that are there get in a new column that takes no NULL.
    func filler(_ dialect: SchemaDialect) -> String {
        switch self {
        case .string, .text: "''"
        case .decimal, .references, .integer, .bigint, .float: "0"
        case .boolean: "FALSE"
        case .date: dialect == .sqlite ? "'1970-01-01'" : "CURRENT_DATE"
        // SQLite adds no column whose default is computed.
        case .datetime: dialect == .sqlite ? "'1970-01-01 00:00:00'" : "CURRENT_TIMESTAMP"
        case .time: "'00:00:00'"
        case .uuid: dialect == .sqlite ? "'00000000-0000-0000-0000-000000000000'" : "gen_random_uuid()"
        case .json, .jsonb: "'{}'"
        case .binary: dialect == .sqlite ? "x''" : "''"
        }
    }
}
