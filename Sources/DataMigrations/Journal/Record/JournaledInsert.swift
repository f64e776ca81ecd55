import Database

/// An insert whose new keys are put down, each with a hash of the row as it was stored.
struct JournaledInsert {
    private let insert: BulkInsert
    private let journal: BatchJournal
    private let connection: any DatabaseConnection

    init(_ insert: BulkInsert, _ journal: BatchJournal, _ connection: any DatabaseConnection) {
        self.insert = insert
        self.journal = journal
        self.connection = connection
    }

    func run() async throws -> StatementResult {
        guard let schema = try await journal.tables.schema(of: insert.table, connection),
            let key = schema.lastingKey
        else {
            journal.addOutside("INSERT INTO \(insert.table), which has no key")
            return try await connection.run([.insert(insert)])[0]
        }
        guard insert.count > 0 else { return try await connection.run([.insert(insert)])[0] }
        guard case .update(let target, let set) = insert.conflict else {
            let (result, keys) = try await insertReturning(key)
            let new = keys.filter { !$0.contains(where: \.isNull) }
            // SQLite lets NULL into a key that does not say NOT NULL; such a row is not found again by its key.
            if result.changes > new.count {
                journal.addOutside("\(result.changes - new.count) rows of \(insert.table) whose key is NULL")
            }
            try await record(new, key, schema)
            return result
        }
        // The rows that are there already are changed, not inserted.
        let columns = set.isEmpty ? insert.columns.filter { !target.contains($0) } : set
        let there = try await keys(ofRowsAt: target, key)
        let images = BeforeImages(insert.table, key, there.flatMap { $0 }, columns: columns, journal, connection)
        let before = try await images.read()
        let (result, keys) = try await insertReturning(key)
        try await images.record(before)
        let known = Set(there.map { ExactKey($0) })
        var seen: Set<ExactKey> = []
        let new = keys.filter { values in
            let key = ExactKey(values)
            return !known.contains(key) && !values.contains(where: \.isNull) && seen.insert(key).inserted
        }
        try await record(new, key, schema)
        return result
    }

    /// Inserts, and has the keys of the new rows come back besides what the caller wants.
    private func insertReturning(_ key: [String]) async throws -> (StatementResult, keys: [[Value]]) {
        var insert = insert
        let asked = insert.returning
        insert.returning += key.filter { !asked.contains($0) }
        var result = try await connection.run([.insert(insert)])[0]
        guard let rows = result.rows else { return (result, []) }
        let places = key.compactMap { insert.returning.firstIndex(of: $0) }
        let keys = (0..<rows.count).map { row in places.map { rows.value(row: row, column: $0) } }
        if asked.isEmpty {
            result.rows = nil
        } else if asked != insert.returning {
            var shown = Rows(columns: asked)
            for row in rows {
                for value in row.values.prefix(asked.count) { shown.append(value) }
            }
            result.rows = shown
        }
        return (result, keys)
    }

    /// Puts down rows that were inserted, by their keys.
    func record(_ keys: [[Value]], _ key: [String], _ schema: TableSchema) async throws {
        guard !keys.isEmpty else { return }
        let columns = schema.storedColumns
        let hash = connection.dialect.changeHash(of: columns, schema)
        let select = BulkSelect(
            from: insert.table,
            keyColumns: key,
            keys: keys.flatMap { $0 },
            selection: key.map { "\(identifier: $0)" } + [hash]
        )
        let rows = try await connection.run([.select(select)])[0].rows ?? Rows(columns: [])
        if rows.count < keys.count {
            journal.addOutside("\(keys.count - rows.count) rows that \(insert.table) does not show under their keys")
        }
        var found: [Value] = []
        var hashes: [Int64] = []
        found.reserveCapacity(rows.count * key.count)
        for row in 0..<rows.count {
            for column in key.indices { found.append(rows.exactValue(row: row, column: column)) }
            hashes.append(rows.value(row: row, column: key.count).integer ?? 0)
        }
        journal.add(
            .inserted(
                InsertedRows(
                    table: insert.table,
                    keys: ValueTable(key, found),
                    columns: columns,
                    hashes: hashes
                )
            )
        )
    }

    /// The keys of the rows that have the values of new ones in some columns.
    private func keys(ofRowsAt columns: [String], _ key: [String]) async throws -> [[Value]] {
        let places = columns.compactMap { insert.columns.firstIndex(of: $0) }
        // Without a value of its own, a new row meets no other one there.
        guard places.count == columns.count, !columns.isEmpty else { return [] }
        let width = insert.columns.count
        let values = (0..<insert.count).flatMap { row in places.map { insert.values[row * width + $0] } }
        let select = BulkSelect(
            from: insert.table,
            keyColumns: columns,
            keys: values,
            selection: key.map { "\(identifier: $0)" },
            locks: true
        )
        return try await connection.run([.select(select)])[0].rows?.map(\.values) ?? []
    }
}
