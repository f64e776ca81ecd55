import Database

/// A delete whose rows are put down whole, and with them the rows of other tables that the database deletes along.
struct JournaledDelete {
    private let delete: BulkDelete
    private let journal: BatchJournal
    private let connection: any DatabaseConnection

    init(_ delete: BulkDelete, _ journal: BatchJournal, _ connection: any DatabaseConnection) {
        self.delete = delete
        self.journal = journal
        self.connection = connection
    }

    func run() async throws -> StatementResult {
        guard let schema = try await journal.tables.schema(of: delete.table, connection) else {
            return try await connection.run([.delete(delete)])[0]
        }
        if schema.cascades.isEmpty {
            var delete = delete
            delete.returning = schema.wholeRow
            let result = try await connection.run([.delete(delete)])[0]
            journal.add(.deleted(DeletedRows(result.rows, of: schema)))
            return StatementResult(changes: result.changes)
        }
        let gone = try await rows(of: schema, where: delete.keyColumns, are: delete.keys)
        var followers = Followers()
        _ = followers.unseen(gone)
        try await follow(gone, schema, into: &followers)
        let result = try await connection.run([.delete(delete)])[0]
        for (images, before) in followers.changed { try await images.record(before) }
        for rows in followers.deleted { journal.add(.deleted(rows)) }
        journal.add(.deleted(gone))
        return result
    }

    /// What goes along with the rows that are deleted.
    private struct Followers {
        /// Those that lose their foreign key.
        var changed: [(BeforeImages, ValueTable)] = []
        /// Those that are deleted, the last ones first.
        var deleted: [DeletedRows] = []
        /// The keys of the rows that go, by table.
        private var seen: [String: Set<ExactKey>] = [:]

        /// The rows that were not met before: in a table that refers to itself, they may come up again and again.
        mutating func unseen(_ rows: DeletedRows) -> DeletedRows {
            let keys = rows.keys
            guard !rows.keyColumns.isEmpty else { return rows }
            let new = (0..<rows.rows.count).filter { row in
                seen[rows.table, default: []].insert(ExactKey(keys.row(row))).inserted
            }
            guard new.count < rows.rows.count else { return rows }
            return DeletedRows(
                table: rows.table,
                keyColumns: rows.keyColumns,
                rows: ValueTable(rows.rows.columns, rows.rows.values(of: new))
            )
        }

        /// Those of some rows that stay.
        func staying(_ rows: DeletedRows) -> [Int] {
            let keys = rows.keys
            return (0..<rows.rows.count).filter { row in
                !(seen[rows.table]?.contains(ExactKey(keys.row(row))) ?? false)
            }
        }
    }

    private func follow(_ parents: DeletedRows, _ schema: TableSchema, into followers: inout Followers) async throws {
        guard parents.rows.count > 0 else { return }
        for cascade in schema.cascades {
            guard let values = parents.rows.selecting(cascade.referenced),
                let child = try await journal.tables.schema(of: cascade.table, connection)
            else {
                journal.addOutside("rows of \(cascade.table) that are deleted with those of \(schema.name)")
                continue
            }
            let keys = values.values(of: 0..<values.count)
            if cascade.deletes {
                let gone = followers.unseen(try await rows(of: child, where: cascade.columns, are: keys))
                try await follow(gone, child, into: &followers)
                followers.deleted.append(gone)
            } else if let key = child.lastingKey {
                let found = try await rows(of: child, where: cascade.columns, are: keys)
                let own = found.keys.values(of: followers.staying(found))
                let images = BeforeImages(child.name, key, own, columns: cascade.columns, journal, connection)
                followers.changed.append((images, try await images.read()))
            } else {
                journal.addOutside("rows of \(child.name), which has no key, lose their \(cascade.columns[0])")
            }
        }
    }

    private func rows(of schema: TableSchema, where columns: [String], are values: [Value]) async throws -> DeletedRows
    {
        let select = BulkSelect(
            from: schema.name,
            keyColumns: columns,
            keys: values.uniqueRows(width: columns.count),
            selection: schema.wholeRow.map { "\(identifier: $0)" },
            locks: true
        )
        let rows = try await connection.run([.select(select)])[0].rows
        return DeletedRows(rows, of: schema)
    }
}

extension DeletedRows {
    /// Rows as they came from the database, ``/Database/TableSchema/wholeRow`` of each.
    init(_ rows: Rows?, of schema: TableSchema) {
        self.init(
            table: schema.name,
            keyColumns: schema.lastingKey ?? [],
            // Where nothing came, there may be no names of columns either.
            rows: rows.flatMap { $0.isEmpty ? nil : ValueTable($0) } ?? ValueTable(schema.wholeRow)
        )
    }
}
