import DataMigrations

/// Turns words of a database into names of Swift code that compiles.
enum SwiftName {
    /// A property or variable: `display_name` → `displayName`, `class` → `` `class` ``.
    ///
    /// Where camel case would not lead back to the same column (`line_2`), the column's own spelling is the name.
    static func property(_ column: String) -> String {
        let words = column.split(separator: "_")
        let tail = words.dropFirst().map { $0 == "id" ? "ID" : $0.prefix(1).uppercased() + $0.dropFirst() }
        let camel = (words.first.map(String.init) ?? "") + tail.joined()
        let name = Naming.snakeCase(camel) == column ? camel : column
        return keywords.contains(name) ? "`\(name)`" : name
    }

    /// A type: `order_item` → `OrderItem`.
    ///
    /// One that would hide a type that the generated code uses gets the ending `Row`.
    static func type(_ noun: String) -> String {
        let name = Naming.camelCase(noun)
        return isTaken(name) ? name + "Row" : name
    }

    /// Whether a type of this name would hide one that generated code uses, or is a word of the language.
    static func isTaken(_ type: String) -> Bool { taken.contains(type) }

    /// How a column or table is written inside an `SQL` literal: as it is, or quoted if it is a word of SQL.
    static func sql(_ name: String) -> String {
        reserved.contains(name) ? "\\(identifier: \"\(name)\")" : name
    }

    private static let keywords: Set = [
        "as", "associatedtype", "break", "case", "catch", "class", "continue", "default", "defer", "deinit",
        "do", "else", "enum", "extension", "fallthrough", "false", "fileprivate", "for", "func", "guard", "if",
        "import", "in", "init", "inout", "internal", "is", "let", "nil", "operator", "private", "protocol",
        "public", "repeat", "rethrows", "return", "self", "static", "struct", "subscript", "super", "switch",
        "throw", "throws", "true", "try", "typealias", "var", "where", "while",
    ]

    private static let taken: Set = [
        "Any", "Array", "Batch", "BatchMigration", "Bool", "CSVFile", "Codable", "Data", "DataMigration",
        "Database", "Date", "Decodable", "Decoder", "Double", "Encodable", "Encoder", "Int", "Int64",
        "JSONFile", "JSONLinesFile", "Migration", "MigrationContext", "Migrations", "Model", "Optional",
        "Protocol", "Query", "Row", "RowMigration", "RowModel", "Rows", "SQL", "Self", "Sendable", "Source",
        "String", "Swift", "TimeInterval", "Type", "UniqueConflict", "Value", "Void",
    ]

    /// Words of SQL that can't be names without quotes.
    static let reserved: Set = [
        "add", "all", "alter", "and", "as", "asc", "between", "by", "case", "check", "collate", "column",
        "commit", "condition", "constraint", "create", "cross", "default", "delete", "desc", "describe",
        "distinct", "drop", "else", "end", "except", "exists", "false", "fetch", "for", "foreign", "from",
        "grant", "group", "groups", "having", "in", "index", "indexes", "insert", "interval", "into", "is",
        "join", "key", "keys", "left", "like", "limit", "lines", "match", "natural", "not", "null", "of",
        "offset", "on", "option", "or", "order", "primary", "range", "rank", "read", "references", "right",
        "rows", "select", "set", "signal", "system", "table", "then", "to", "trigger", "true", "union",
        "unique", "update", "usage", "use", "user", "using", "values", "when", "where", "window", "with",
        "write",
    ]
}
