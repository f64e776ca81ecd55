import DataMigrations
import MigrationNaming

/// A column on the command line: `email:string{40}!:uniq`.
struct SchemaField: Equatable {
    /// As it is given, in snake case.
    var name: String
    var type: ColumnType
    /// Whether it takes NULL; `nil` if nothing is said.
    var isNullable: Bool?
    var isUnique = false
    var isIndexed = false

    /// Makes a column of a name alone.
    init(name: String, type: ColumnType = .string(nil)) {
        self.name = name
        self.type = type
    }

    /// Reads a column: its name, a type (string, where there is none), `!` behind either for NOT NULL, and `uniq`,
    /// `index` or `null`.
    ///
    /// - Throws: `GeneratorError` for what is none of these.
    init(_ text: String) throws {
        var parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        var name = parts.removeFirst()
        var isNotNull = false
        if name.hasSuffix("!") {
            name.removeLast()
            isNotNull = true
        }
        self.name = Naming.snakeCase(name)
        let isPlain = name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
        guard isPlain, MigrationFileName.isName(self.name) else {
            throw GeneratorError(
                "'\(name)' is no name for a column; it takes letters, digits and single underscores, as in email:string"
            )
        }
        type = .string(nil)
        if let first = parts.first, !Self.modifiers.contains(first) {
            guard let match = first.wholeMatch(of: #/([A-Za-z_0-9]*)(\{([^}]*)\})?(!?)/#) else {
                throw GeneratorError(
                    "'\(first)' is no type; a column looks like email:string:uniq or price:decimal{10,2}"
                )
            }
            type = try ColumnType(match.1.lowercased(), option: match.3.map(String.init))
            if !match.4.isEmpty { isNotNull = true }
            parts.removeFirst()
        }
        for modifier in parts {
            switch modifier {
            case "uniq", "unique": isUnique = true
            case "index": isIndexed = true
            case "null": isNullable = true
            case "!": isNotNull = true
            default:
                throw GeneratorError(
                    "'\(modifier)' says nothing of the column \(self.name); there are uniq, index, null and !"
                )
            }
        }
        guard !isNotNull || isNullable == nil else {
            throw GeneratorError("the column \(self.name) can't both take NULL and not; leave ! or null out")
        }
        if isNotNull { isNullable = false }
    }

    private static let modifiers = ["uniq", "unique", "index", "null", "!"]

    /// Whether it refers to another table.
    var isReference: Bool {
        if case .references = type { true } else { false }
    }

    /// The columns of it: a reference of any kind of row has two.
    var columns: [String] {
        switch type {
        case .references(let isPolymorphic): isPolymorphic ? ["\(name)_type", "\(name)_id"] : ["\(name)_id"]
        default: [name]
        }
    }

    /// Whether it gets an index; a reference does.
    var hasIndex: Bool { isUnique || isIndexed || isReference }

    /// The definitions of its columns in a new table.
    func definitions(_ dialect: SchemaDialect) -> [String] {
        // As in Rails, what refers to a row is there, unless it is said otherwise.
        let null = isNullable ?? !isReference ? "" : " NOT NULL"
        return declarations(dialect, ending: null)
    }

    /// The definitions of its columns in a table that has rows.
    ///
    /// - Throws: `GeneratorError` for a reference that takes no NULL.
    func additions(_ dialect: SchemaDialect) throws -> [String] {
        guard isNullable == false else { return declarations(dialect, ending: "") }
        guard !isReference else {
            throw GeneratorError(
                "rows that are there would refer to nothing: add \(name) without !, fill it by a data migration, and "
                    + "say NOT NULL in a later schema migration"
            )
        }
        return declarations(dialect, ending: " NOT NULL DEFAULT \(type.filler(dialect))")
    }

    private func declarations(_ dialect: SchemaDialect, ending: String) -> [String] {
        let names = columns.map(SchemaDialect.quoted)
        let sql = type.sql(dialect)
        guard isReference else { return ["\(names[0]) \(sql)\(ending)"] }
        guard names.count == 1 else {
            return ["\(names[0]) \(ColumnType.string(nil).sql(dialect))\(ending)", "\(names[1]) \(sql)\(ending)"]
        }
        let table = SchemaDialect.quoted(TableName.plural(name))
        return ["\(names[0]) \(sql)\(ending) REFERENCES \(table) (id)"]
    }
}

/// Names of tables.
enum TableName {
    /// The last word in the plural: `blog_post` → `blog_posts`.
    static func plural(_ name: String) -> String { inflected(name, Inflection.plural) }

    /// The last word in the singular.
    static func singular(_ name: String) -> String { inflected(name, Inflection.singular) }

    private static func inflected(_ name: String, _ inflect: (String) -> String) -> String {
        var words = name.split(separator: "_").map(String.init)
        guard let last = words.popLast() else { return name }
        return (words + [inflect(last)]).joined(separator: "_")
    }
}
