import Database

/// An update by keys, with its before-images.
struct JournaledUpdate {
    private let update: BulkUpdate
    private let journal: BatchJournal
    private let connection: any DatabaseConnection

    init(_ update: BulkUpdate, _ journal: BatchJournal, _ connection: any DatabaseConnection) {
        self.update = update
        self.journal = journal
        self.connection = connection
    }

    /// Writes; `expected` rows must be there to be changed, if that is given.
    @discardableResult
    func run(expecting expected: Int? = nil) async throws -> StatementResult {
        let statement = Statement(.update(update), expectedChanges: expected)
        guard let schema = try await journal.tables.schema(of: update.table, connection),
            let key = schema.lastingKey
        else {
            journal.addOutside("UPDATE \(update.table), which has no key")
            return try await connection.run([statement])[0]
        }
        let (finders, keys) = try await lastingKeys(key, schema)
        // A trigger may change other columns, too; those are its own.
        let images = BeforeImages(update.table, finders, keys, columns: update.columns, journal, connection)
        let before = try await images.read()
        let result = try await connection.run([statement])[0]
        try await images.record(before)
        return result
    }

    /// The keys by which the rows are found later: the author may have found them by something else.
    private func lastingKeys(_ key: [String], _ schema: TableSchema) async throws -> ([String], [Value]) {
        if key == update.keyColumns { return (key, update.keys) }
        let keys = try await find(key)
        guard keys.contains(where: \.isNull), schema.blocks == nil, let place = schema.rowIdentifier else {
            return (key, keys)
        }
        // SQLite lets NULL into a key that does not say NOT NULL, and finds no row by it.
        return ([place], update.keyColumns == [place] ? update.keys : try await find([place]))
    }

    private func find(_ key: [String]) async throws -> [Value] {
        let select = BulkSelect(
            from: update.table,
            keyColumns: update.keyColumns,
            keys: update.keys,
            selection: key.map { "\(identifier: $0)" },
            locks: true
        )
        return try await connection.run([.select(select)])[0].rows?.flatMap(\.values) ?? []
    }
}
