import Database

/// Bulk writes, with their before-images where a journal is kept.
extension DatabaseAccess {
    private var journal: BatchJournal? { (self as? any WriteRecording)?.journal }

    /// Tallies what was written.
    func count(_ changes: ChangeCounters) { (self as? any WriteRecording)?.count(changes) }

    /// Notes a write that no journal can take back.
    func noteOutside(_ what: String) async throws { try await (self as? any WriteRecording)?.noteOutside(what) }

    /// Writes without before-images.
    private func writeOutside(_ statement: Statement, _ what: String) async throws -> StatementResult {
        let result = try await connection.run([statement])[0]
        try await noteOutside(what)
        return result
    }

    /// Inserts rows.
    ///
    /// - Throws: ``/Database/DatabaseError``.
    func write(_ insert: BulkInsert) async throws -> StatementResult {
        guard let journal else { return try await writeOutside(.insert(insert), "INSERT INTO \(insert.table)") }
        return try await JournaledInsert(insert, journal, connection).run()
    }

    /// Changes rows.
    ///
    /// - Throws: ``/Database/DatabaseError``.
    func write(_ update: BulkUpdate) async throws -> StatementResult {
        guard let journal else { return try await writeOutside(.update(update), "UPDATE \(update.table)") }
        return try await JournaledUpdate(update, journal, connection).run()
    }

    /// Deletes rows.
    ///
    /// - Throws: ``/Database/DatabaseError``.
    func write(_ delete: BulkDelete) async throws -> StatementResult {
        guard let journal else { return try await writeOutside(.delete(delete), "DELETE FROM \(delete.table)") }
        return try await JournaledDelete(delete, journal, connection).run()
    }

    /// The keys of the rows that meet a condition, which nobody else may change then; `nil` where no journal is kept, or
    /// the table has no key.
    func lockedKeys(of table: String, where condition: SQL?) async throws -> (columns: [String], keys: [Value])? {
        guard let journal, let schema = try await journal.tables.schema(of: table, connection),
            let key = schema.lastingKey
        else { return nil }
        let filter: SQL = condition.map { " WHERE \($0)" } ?? ""
        func keys(_ columns: [String]) async throws -> [Value] {
            try await connection.query(
                "SELECT \(SQL.identifiers(columns)) FROM \(identifier: table)\(filter)\(connection.dialect.lockClause)"
            ).flatMap(\.values)
        }
        let found = try await keys(key)
        guard found.contains(where: \.isNull) else { return (key, found) }
        // SQLite lets NULL into a key that does not say NOT NULL, and finds no row by it.
        guard schema.blocks == nil, let place = schema.rowIdentifier else { return nil }
        return ([place], try await keys([place]))
    }

    /// Changes the rows that meet a condition with a statement of the author's own.
    ///
    /// - Throws: ``/Database/DatabaseError``.
    func update(_ table: String, where condition: SQL?, with statement: SQL) async throws -> Int {
        guard let journal, let (key, keys) = try await lockedKeys(of: table, where: condition) else {
            return try await writeOutside(.execute(statement), "UPDATE \(table)").changes
        }
        let images = BeforeImages(table, key, keys, journal, connection)
        let before = try await images.read()
        let changes = try await connection.execute(statement)
        try await images.record(before)
        return changes
    }

    /// Deletes the rows that meet a condition.
    ///
    /// - Throws: ``/Database/DatabaseError``.
    func delete(from table: String, where condition: SQL?) async throws -> Int {
        let filter: SQL = condition.map { " WHERE \($0)" } ?? ""
        let statement: SQL = "DELETE FROM \(identifier: table)\(filter)"
        guard let journal, let schema = try await journal.tables.schema(of: table, connection) else {
            return try await writeOutside(.execute(statement), "DELETE FROM \(table)").changes
        }
        if schema.cascades.isEmpty {
            let returning: SQL = "\(statement) RETURNING \(SQL.identifiers(schema.wholeRow))"
            let result = try await connection.run([.query(returning)])[0]
            journal.add(.deleted(DeletedRows(result.rows, of: schema)))
            return result.changes
        }
        guard let (key, keys) = try await lockedKeys(of: table, where: condition) else {
            let what = "DELETE FROM \(table), which has no key, and what is deleted along"
            return try await writeOutside(.execute(statement), what).changes
        }
        return try await write(BulkDelete(from: table, keyColumns: key, keys: keys)).changes
    }
}

extension SQL {
    /// Whether a statement may write, as far as its first word tells.
    func mayWrite(_ dialect: any Dialect) -> Bool {
        let text = rendered(for: dialect).text.behindComments(and: "(", nests: false).drop { !Self.isWord($0) }
        switch text.prefix(while: Self.isWord).uppercased() {
        case "SELECT", "VALUES", "EXPLAIN", "PRAGMA", "SHOW", "TABLE", "SET", "RESET", "LOCK", "ANALYZE", "NOTIFY":
            return false
        case "WITH":
            // A common table expression may hide one; FOR UPDATE is none.
            let words = text.uppercased().split { !Self.isWord($0) }
            let verbs: Set<Substring> = ["INSERT", "UPDATE", "DELETE", "MERGE"]
            return zip(words, words.dropFirst()).contains { verbs.contains($1) && $0 != "FOR" }
        default: return true
        }
    }

    private static func isWord(_ character: Character) -> Bool { character.isLetter || character == "_" }
}
