import Database

/// A statement of a file of SQL, with what it does to rows put down.
///
///     SELECT u."id", u."slug" FROM users AS u WHERE … FOR UPDATE OF u
///     UPDATE users AS u SET slug = … WHERE … RETURNING "id", "slug"
///
/// What an INSERT and a DELETE do comes back with them. What can't be read safely out of the statement (an upsert, a CTE
/// that writes, DDL) is run as it is, and noted as beside the journal.
struct JournaledSQL {
    private let statement: FileStatement
    private let rows: BatchCondition?
    private let handle: Batch

    init(_ statement: FileStatement, _ rows: BatchCondition?, _ handle: Batch) {
        self.statement = statement
        self.rows = rows
        self.handle = handle
    }

    private var shape: SQLShape { statement.shape }
    private var connection: any DatabaseConnection { handle.connection }

    /// Runs it, and counts what it wrote.
    ///
    /// - Throws: ``/Database/DatabaseError``.
    func run() async throws {
        guard let journal = handle.journal, shape.verb != .read else { return try await plain() }
        let changes: Int? =
            switch shape.verb {
            case .update: try await update(journal)
            case .delete: try await delete(journal)
            case .insert: try await insert(journal)
            case .upsert, .other, .read: nil
            }
        if let changes { return handle.count(statement.counters(changes)) }
        try await plain()
        journal.addOutside(statement.text)
    }

    private func plain() async throws {
        let result = try await connection.run([statement.statement(rows)])[0]
        handle.count(statement.counters(result.changes))
    }

    // MARK: Kinds of statements

    /// - Returns: how many rows were changed; `nil`, with nothing done, where no journal can tell.
    private func update(_ journal: BatchJournal) async throws -> Int? {
        guard let schema = try await schema(journal) else { return nil }
        let columns = columns(of: schema)
        guard let (key, before) = try await images(schema, columns) else { return nil }
        // Where the rows were not locked when they were chosen, they are now; one that has come up since is left alone.
        var rows = self.rows
        if let range = rows, !range.namesKeys, connection.dialect.rowLock != nil {
            guard before.count > 0 else { return 0 }
            rows = range.naming(before, key: key)
        }
        // A trigger may store something else than the statement says, and SQLite's RETURNING tells 6 of a 6.0: the rows are
        // read once more then.
        let isRead = !schema.triggers.isEmpty || connection.dialect.rowLock == nil
        let images = BeforeImages(
            schema.name,
            key,
            isRead ? before.values(of: Array(0..<before.count), columns: key.indices) : [],
            columns: columns,
            journal,
            connection
        )
        var more: Int
        let changes: Int
        if isRead {
            changes = try await connection.run([statement.statement(rows)])[0].changes
            try await images.record(before)
            more = changes - before.count
        } else {
            let names = BeforeImages.names(schema, key, columns)
            let result = try await returning(names.map { ($0, nil) }, rows)
            changes = result.changes
            let keysStay = !columns.isEmpty && !columns.contains { key.contains($0) }
            more = try await images.record(before, after: table(result.rows, names), keysStay: keysStay)
        }
        if before.count == 0 { more = changes }
        if more > 0 {
            journal.addOutside("\(more) rows of \(schema.name) that were changed, and not there a moment before")
        }
        return changes
    }

    private func delete(_ journal: BatchJournal) async throws -> Int? {
        guard let schema = try await schema(journal) else { return nil }
        if schema.cascades.isEmpty {
            let result = try await returning(schema.wholeRow.map { ($0, nil) }, rows)
            journal.add(.deleted(DeletedRows(result.rows, of: schema)))
            return result.changes
        }
        // What the database deletes along is read first.
        guard let key = schema.lastingKey, let (found, keys) = try await images(schema, key), found == key else {
            return nil
        }
        let values = keys.values(of: Array(0..<keys.count), columns: key.indices)
        let delete = BulkDelete(from: schema.name, keyColumns: key, keys: values)
        return try await JournaledDelete(delete, journal, connection).run().changes
    }

    private func insert(_ journal: BatchJournal) async throws -> Int? {
        guard let schema = try await schema(journal), let key = schema.lastingKey else { return nil }
        let isHashed = connection.dialect.rowLock != nil && schema.triggers.isEmpty
        let columns = schema.storedColumns
        let hash = connection.dialect.changeHash(of: columns, schema)
        let result = try await returning(key.map { ($0, nil) } + (isHashed ? [("azu_hash", hash)] : []), rows)
        let inserted = result.rows ?? Rows(columns: [])
        let places = (0..<inserted.count).filter { row in
            !key.indices.contains { inserted.value(row: row, column: $0).isNull }
        }
        if places.count < result.changes {
            journal.addOutside("\(result.changes - places.count) rows of \(schema.name) whose key is NULL")
        }
        guard !places.isEmpty else { return result.changes }
        guard isHashed else {
            let keys = places.map { inserted.key(row: $0, columns: key.count) }
            let insert = BulkInsert(into: schema.name, columns: [], values: [])
            try await JournaledInsert(insert, journal, connection).record(keys, key, schema)
            return result.changes
        }
        let keys = places.flatMap { row in key.indices.map { inserted.exactValue(row: row, column: $0) } }
        let hashes = places.map { inserted.value(row: $0, column: key.count).integer ?? 0 }
        let rows = InsertedRows(table: schema.name, keys: ValueTable(key, keys), columns: columns, hashes: hashes)
        journal.add(.inserted(rows))
        return result.changes
    }

    // MARK: Rows

    /// The rows that the statement is about to write, locked: their keys, and some columns.
    ///
    /// - Returns: the columns of the key, and the rows; `nil` where rows have no key to find them by later.
    private func images(_ schema: TableSchema, _ columns: [String]) async throws -> (key: [String], rows: ValueTable)? {
        guard let key = schema.lastingKey else { return nil }
        let rows = try await read(BeforeImages.names(schema, key, columns), width: key.count)
        let hasNull = (0..<rows.count).contains { row in key.indices.contains { rows[row, $0].isNull } }
        guard hasNull else { return (key, rows) }
        // SQLite lets NULL into a key that does not say NOT NULL, and finds no row by it.
        guard schema.blocks == nil, let place = schema.rowIdentifier else { return nil }
        return ([place], try await read(BeforeImages.names(schema, [place], columns), width: 1))
    }

    private func read(_ names: [String], width: Int) async throws -> ValueTable {
        var query = self.statement.sql(of: shape.with, rows)
        let list = names.map { "\(raw: shape.qualifier).\(identifier: $0) AS \(identifier: $0)" as SQL }
        query += "SELECT \(SQL.joined(list, separator: ", ")) FROM \(raw: shape.table)"
        if let alias = shape.alias { query += " AS \(raw: alias)" }
        if let others = shape.others { query += ", \(self.statement.sql(of: others, rows))" }
        if let condition = shape.condition { query += " WHERE \(self.statement.sql(of: condition, rows))" }
        if let lock = connection.dialect.rowLock {
            query += " \(raw: lock) OF \(raw: shape.alias ?? SQLShape.parts(of: shape.table).last ?? shape.table)"
        }
        var statement = Statement.query(query)
        statement.isPlannedAnew = true
        let found = table(try await connection.run([statement])[0].rows, names)
        // A row that meets several of the other tables is changed once.
        guard shape.others != nil else { return found }
        var seen: Set<ExactKey> = []
        let first = (0..<found.count).filter { seen.insert(ExactKey(found.row($0).prefix(width))).inserted }
        return first.count == found.count ? found : ValueTable(names, found.values(of: first))
    }

    /// Runs the statement, and has something come back of each row that it writes.
    private func returning(
        _ list: [(name: String, expression: SQL?)],
        _ rows: BatchCondition?
    ) async throws -> StatementResult {
        // Only PostgreSQL would take a name for that of a column of another table.
        let isQualified = shape.others != nil && connection.dialect.rowLock != nil
        let fields = list.map { name, expression -> SQL in
            let column: SQL = isQualified ? "\(raw: shape.qualifier).\(identifier: name)" : "\(identifier: name)"
            return "\(expression ?? column) AS \(identifier: name)"
        }
        var statement = Statement.query("\(statement.sql(rows)) RETURNING \(SQL.joined(fields, separator: ", "))")
        statement.isPlannedAnew = true
        return try await connection.run([statement])[0]
    }

    /// Rows as they came from the database; where nothing came, there may be no names of columns either.
    private func table(_ rows: Rows?, _ names: [String]) -> ValueTable {
        rows.flatMap { $0.isEmpty ? nil : ValueTable($0) } ?? ValueTable(names)
    }

    // MARK: The table

    /// The table that is written; `nil` if there is none of that name.
    private func schema(_ journal: BatchJournal) async throws -> TableSchema? {
        // PostgreSQL takes names without quotes for ones in small letters.
        let folds = connection.dialect.rowLock != nil
        let parts = SQLShape.parts(of: shape.table).map { SQLShape.plain($0, folds: folds) }
        guard !parts.contains(where: { $0.contains(".") }) else { return nil }
        return try await journal.tables.schema(of: parts.joined(separator: "."), connection)
    }

    /// The columns that an UPDATE sets; none, for all, if they can't be told.
    private func columns(of schema: TableSchema) -> [String] {
        guard let names = shape.columns else { return [] }
        let found = names.compactMap { name -> String? in
            let plain = SQLShape.plain(name, folds: connection.dialect.rowLock != nil)
            if let column = schema.column(plain) { return column.name }
            let alike = schema.columns.filter { $0.name.lowercased() == plain.lowercased() }
            return alike.count == 1 ? alike[0].name : nil
        }
        return found.count == names.count ? found : []
    }
}
