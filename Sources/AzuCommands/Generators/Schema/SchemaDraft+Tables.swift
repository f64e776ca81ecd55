extension SchemaDraft {
    /// Whole tables.
    static func createTable(
        _ table: String,
        _ fields: [SchemaField],
        _ dialect: SchemaDialect,
        hasTimestamps: Bool
    ) -> [String] {
        var columns: [String] = []
        // A key that is given goes before the usual one.
        if let key = fields.first(where: { $0.name == "id" }) {
            let value = key.type == .uuid && dialect == .postgresql ? " DEFAULT gen_random_uuid()" : ""
            columns.append("id \(key.type.sql(dialect)) NOT NULL PRIMARY KEY\(value)")
        } else {
            columns.append("id \(dialect.key)")
        }
        let others = fields.filter { $0.name != "id" }
        columns += others.flatMap { $0.definitions(dialect) }
        if hasTimestamps {
            for name in ["created_at", "updated_at"] where !others.contains(where: { $0.name == name }) {
                columns.append("\(name) \(ColumnType.datetime.sql(dialect)) NOT NULL DEFAULT CURRENT_TIMESTAMP")
            }
        }
        return [create(table, columns)] + others.filter(\.hasIndex).map { SchemaIndex(table, $0).create }
    }

    /// The table that joins two.
    static func createJoinTable(_ first: String, _ second: String, _ dialect: SchemaDialect) -> (String, [String]) {
        let table = "\(first)_\(second)"
        let columns = [first, second].map { TableName.singular($0) + "_id" }
        let definitions = zip(columns, [first, second]).map { column, target in
            "\(column) \(ColumnType.bigint.sql(dialect)) NOT NULL REFERENCES \(SchemaDialect.quoted(target)) (id)"
        }
        let key = "PRIMARY KEY (\(columns.joined(separator: ", ")))"
        // The key serves those who look from the first side.
        let index = SchemaIndex(table, [columns[1]])
        return (table, [create(table, definitions + [key]), index.create])
    }

    private static func create(_ table: String, _ lines: [String]) -> String {
        "CREATE TABLE \(SchemaDialect.quoted(table)) (\n"
            + lines.map { "    \($0)" }.joined(separator: ",\n") + "\n)"
    }
}
