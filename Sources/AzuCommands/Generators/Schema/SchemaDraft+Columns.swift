extension SchemaDraft {
    /// New columns of a table that may have rows, and their indexes, which on PostgreSQL are a file of their own.
    static func addColumns(
        _ name: String,
        _ fields: [SchemaField],
        to table: String,
        _ dialect: SchemaDialect
    ) throws -> [SchemaDraft] {
        let indexes = fields.filter(\.hasIndex).map { SchemaIndex(table, $0) }
        var draft = SchemaDraft(name: name, up: [], down: [])
        for field in fields {
            if field.isNullable == false {
                draft.up.append("-- The default is for the rows that are there; drop it later.")
            }
            draft.up += try field.additions(dialect).map {
                "ALTER TABLE \(SchemaDialect.quoted(table)) ADD COLUMN \($0)"
            }
        }
        let drops = drops(fields.reversed(), table)
        if dialect == .sqlite {
            draft.up += indexes.map(\.create)
            draft.down = indexes.reversed().map(\.drop) + drops
            return [draft]
        }
        draft.down = drops
        return [draft] + indexes.map { addIndex("add_\($0.name)", $0, dialect) }
    }

    /// Columns that go.
    static func removeColumns(
        _ name: String,
        _ fields: [SchemaField],
        from table: String,
        areTyped: Bool,
        _ dialect: SchemaDialect
    ) throws -> SchemaDraft {
        let indexes = fields.filter(\.hasIndex).map { SchemaIndex(table, $0) }
        var draft = SchemaDraft(name: name, up: [], down: nil)
        if dialect == .sqlite {
            draft.notes = [
                "SQLite (from 3.35 on) drops no column that is a key, UNIQUE or indexed, or that a view, a trigger, a CHECK",
                "or a foreign key of the table uses: drop these before, or make the table anew, in a file that says",
                "-- azu:no-transaction: PRAGMA foreign_keys = OFF, BEGIN, CREATE TABLE new …, INSERT INTO new SELECT …,",
                "DROP TABLE, ALTER TABLE new RENAME TO …, COMMIT.",
            ]
            draft.up += indexes.map(\.drop)
        }
        draft.up += drops(fields, table)
        guard areTyped else {
            let columns = fields.map { "\($0.name):string" }.joined(separator: " ")
            draft.notes.append(
                "There is no way back, since the types are not known: azu generate migration \(name) \(columns)"
            )
            return draft
        }
        // A column that comes back has lost its values: one that takes no NULL needs others.
        var down: [String] = []
        for field in fields.reversed() {
            down += try field.additions(dialect).map { "ALTER TABLE \(SchemaDialect.quoted(table)) ADD COLUMN \($0)" }
        }
        draft.down = down + indexes.map(\.create)
        return draft
    }

    /// An index of a table that may have rows.
    static func addIndex(_ name: String, _ index: SchemaIndex, _ dialect: SchemaDialect) -> SchemaDraft {
        guard dialect == .postgresql else { return SchemaDraft(name: name, up: [index.create], down: [index.drop]) }
        return SchemaDraft(
            name: name,
            notes: [
                "CONCURRENTLY keeps nobody from writing to the table, and can't be part of a transaction. Where it fails, it",
                "leaves an INVALID index behind, to be dropped before it is tried again.",
            ],
            up: [index.createConcurrently],
            down: [index.dropConcurrently],
            isTransactional: false
        )
    }

    private static func drops(_ fields: [SchemaField], _ table: String) -> [String] {
        fields.flatMap { field in
            field.columns.reversed().map {
                "ALTER TABLE \(SchemaDialect.quoted(table)) DROP COLUMN \(SchemaDialect.quoted($0))"
            }
        }
    }
}
