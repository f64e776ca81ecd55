/// What a schema migration does, as its name says.
enum SchemaChange: Equatable {
    case createTable(String)
    case createJoinTable(String, String)
    case dropTable(String)
    case addColumns([SchemaField], table: String)
    case removeColumns([SchemaField], table: String, areTyped: Bool)
    case addIndex([String], table: String, isUnique: Bool)
    case renameColumn(String, to: String, table: String)
    case renameTable(String, to: String)
    /// Nothing that could be guessed.
    case other

    /// Reads a name.
    ///
    /// - Parameters:
    ///   - name: the name in snake case: `add_email_to_users`.
    ///   - fields: the columns that are given.
    init(_ name: String, _ fields: [SchemaField]) {
        let guess =
            Self.join(name, fields) ?? Self.table(name) ?? Self.index(name, fields) ?? Self.columns(name, fields)
        self = guess ?? Self.rename(name) ?? .other
    }

    private static func join(_ name: String, _ fields: [SchemaField]) -> SchemaChange? {
        guard let rest = name.behind("create_join_table") else { return nil }
        var tables = fields.map(\.name)
        if tables.isEmpty { tables = rest.parts(around: "_and_").map { [$0.0, $0.1] } ?? rest.words }
        guard tables.count == 2 else { return .other }
        let sorted = tables.map(TableName.plural).sorted()
        return .createJoinTable(sorted[0], sorted[1])
    }

    private static func table(_ name: String) -> SchemaChange? {
        for prefix in ["create_table", "create"] {
            if let table = name.behind(prefix) { return .createTable(TableName.plural(table)) }
        }
        for prefix in ["drop_table", "drop"] where !name.contains("_from_") {
            if let table = name.behind(prefix) { return .dropTable(TableName.plural(table)) }
        }
        return nil
    }

    /// `add_index_to_users_on_email_and_name`, `add_index_on_email_to_users`, `add_index_on_users` with columns.
    private static func index(_ name: String, _ fields: [SchemaField]) -> SchemaChange? {
        let isNamedUnique = name.hasPrefix("add_unique_index")
        guard let rest = name.behind("add_unique_index") ?? name.behind("add_index") else { return nil }
        var (table, columns) = ("", fields.flatMap(\.columns))
        if let target = rest.behind("to") {
            let parts = target.parts(around: "_on_")
            table = parts?.0 ?? target
            if columns.isEmpty, let named = parts?.1 { columns = named.list }
        } else if let target = rest.behind("on") {
            let parts = target.lastParts(around: "_to_")
            table = parts?.1 ?? target
            if columns.isEmpty, let named = parts?.0 { columns = named.list }
        }
        guard !table.isEmpty, !columns.isEmpty else { return .other }
        let isUnique = isNamedUnique || fields.contains(where: \.isUnique)
        return .addIndex(columns, table: TableName.plural(table), isUnique: isUnique)
    }

    private static func columns(_ name: String, _ fields: [SchemaField]) -> SchemaChange? {
        if let rest = name.behind("add"), let (columns, table) = rest.lastParts(around: "_to_") {
            let fields = fields.isEmpty ? guessed(columns) : fields
            return .addColumns(fields, table: TableName.plural(table))
        }
        if let rest = name.behind("remove") ?? name.behind("drop"),
            let (columns, table) = rest.lastParts(around: "_from_")
        {
            return .removeColumns(
                fields.isEmpty ? guessed(columns) : fields,
                table: TableName.plural(table),
                areTyped: !fields.isEmpty
            )
        }
        return nil
    }

    /// `first_name_and_last_name` are two columns, `author_ref` is a reference.
    private static func guessed(_ columns: String) -> [SchemaField] {
        columns.list.map { column in
            for suffix in ["_ref", "_reference"] where column.hasSuffix(suffix) {
                return SchemaField(
                    name: String(column.dropLast(suffix.count)),
                    type: .references(isPolymorphic: false)
                )
            }
            return SchemaField(name: column)
        }
    }

    private static func rename(_ name: String) -> SchemaChange? {
        if let rest = name.behind("rename_table"), let (old, new) = rest.parts(around: "_to_") {
            return .renameTable(old, to: new)
        }
        guard let rest = name.behind("rename"), let (old, target) = rest.parts(around: "_to_") else { return nil }
        if let (new, table) = target.lastParts(around: "_in_") {
            return .renameColumn(old, to: new, table: TableName.plural(table))
        }
        return .renameTable(TableName.plural(old), to: TableName.plural(target))
    }
}

extension String {
    /// What stands behind a word and its underscore; `nil` if it does not begin so.
    fileprivate func behind(_ word: String) -> String? {
        guard hasPrefix(word + "_"), count > word.count + 1 else { return nil }
        return String(dropFirst(word.count + 1))
    }

    /// What stands before and behind the first place of a separator.
    fileprivate func parts(around separator: String) -> (String, String)? {
        guard let range = firstRange(of: separator), range.lowerBound > startIndex, range.upperBound < endIndex else {
            return nil
        }
        return (String(self[..<range.lowerBound]), String(self[range.upperBound...]))
    }

    /// The same for its last place.
    fileprivate func lastParts(around separator: String) -> (String, String)? {
        guard let range = ranges(of: separator).last, range.lowerBound > startIndex, range.upperBound < endIndex else {
            return nil
        }
        return (String(self[..<range.lowerBound]), String(self[range.upperBound...]))
    }

    fileprivate var words: [String] { split(separator: "_").map(String.init) }

    /// `a_and_b` → `a`, `b`.
    fileprivate var list: [String] { split(separator: "_and_").map(String.init) }
}
