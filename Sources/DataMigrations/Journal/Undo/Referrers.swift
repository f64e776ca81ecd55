import Database

/// The rows that refer to inserted ones, and that the database would delete, or change, along with these.
struct Referrers {
    let schema: TableSchema
    /// The columns that find an inserted row.
    let keyColumns: [String]
    let tables: KnownTables
    let connection: any DatabaseConnection

    /// What is read of an inserted row: all that others may refer to.
    var targets: [String] { schema.cascades.flatMap(\.referenced) }

    /// One row that refers to an inserted one.
    private struct Reference {
        /// The key of the inserted row.
        var key: ExactKey
        /// The table of the row that refers to it.
        var table: String
        /// The key of that row, if it is one of the same table.
        var own: ExactKey?
    }

    /// Finds out which of the rows that are to be deleted in one step have to stay.
    ///
    /// Rows that go in the same step may refer to each other; one that has to stay keeps those that it refers to.
    ///
    /// - Parameter rows: the values of ``targets`` by the keys of the rows.
    /// - Returns: by their keys, a table whose rows refer to them.
    /// - Throws: ``/Database/DatabaseError``.
    func held(_ rows: [ExactKey: [Value]]) async throws -> [ExactKey: String] {
        var references: [Reference] = []
        var start = 0
        for cascade in schema.cascades {
            let columns = start..<start + cascade.referenced.count
            start = columns.upperBound
            references += try await self.references(by: cascade, to: rows.mapValues { $0[columns] })
        }
        var going = Set(rows.keys)
        let byOwn = Dictionary(grouping: references) { $0.own }
        var queue = references.filter { reference in reference.own.map { !going.contains($0) } ?? true }
        var held: [ExactKey: String] = [:]
        while let reference = queue.popLast() {
            guard going.remove(reference.key) != nil else { continue }
            held[reference.key] = reference.table
            queue += byOwn[reference.key] ?? []
        }
        return held
    }

    private func references(
        by cascade: TableSchema.Cascade,
        to rows: [ExactKey: ArraySlice<Value>]
    ) async throws -> [Reference] {
        // What is referred to is unique; nothing refers to NULL.
        var keys: [ExactKey: ExactKey] = [:]
        for (key, target) in rows where !target.contains(where: \.isNull) { keys[ExactKey(target)] = key }
        guard !keys.isEmpty else { return [] }
        // Names may be written in several ways; a table that refers to itself says so of this foreign key.
        let isItself = try await tables.schema(of: cascade.table, connection)?.cascades.contains(cascade) ?? false
        let width = cascade.columns.count
        let select = BulkSelect(
            from: cascade.table,
            keyColumns: cascade.columns,
            keys: keys.keys.flatMap(\.values),
            selection: (cascade.columns + (isItself ? keyColumns : [])).map { "\(identifier: $0)" }
        )
        let found = try await connection.run([.select(select)])[0].rows ?? Rows(columns: [])
        var references: [Reference] = []
        for row in 0..<found.count {
            let fields = found.columns.indices.map { found.exactValue(row: row, column: $0) }
            let target = ExactKey(fields.prefix(width))
            // One row of another table is enough to know.
            guard let key = isItself ? keys[target] : keys.removeValue(forKey: target) else { continue }
            let own = isItself ? ExactKey(fields.dropFirst(width)) : nil
            references.append(Reference(key: key, table: cascade.table, own: own))
        }
        return references
    }
}
