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
        let keys = try await lastingKeys(key)
        // A trigger may change other columns, too; those are its own.
        let images = BeforeImages(update.table, key, keys, columns: update.columns, journal, connection)
        let before = try await images.read()
        let result = try await connection.run([statement])[0]
        try await images.record(before)
        return result
    }

    /// The keys by which the rows are found later: the author may have found them by something else.
    private func lastingKeys(_ key: [String]) async throws -> [Value] {
        if key == update.keyColumns { return update.keys }
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
