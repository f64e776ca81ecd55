public import Database

extension DatabaseAccess {
    /// Inserts one row and returns its id, `nil` where it was skipped.
    ///
    ///     INSERT INTO "users" ("name") VALUES (?) RETURNING "id"
    ///
    /// - Throws: ``/Database/DatabaseError``.
    @discardableResult
    public func insert<M: Model>(_ model: M, onConflict conflict: OnConflict = .fail) async throws -> Int64? {
        try await insert([model], onConflict: conflict).ids[0]
    }

    /// Inserts rows, in bulk.
    ///
    /// A key property that is `nil` in all of them is left to the database.
    ///
    ///     INSERT INTO "articles" ("title", "legacy_post_id") VALUES (?, ?) ON CONFLICT ("legacy_post_id") DO NOTHING
    ///
    /// - Parameters:
    ///   - models: the rows.
    ///   - conflict: what happens with one that breaks a unique constraint.
    /// - Returns: the keys of the inserted rows, and how many were skipped.
    /// - Throws: ``/Database/DatabaseError``.
    @discardableResult
    public func insert<M: Model>(_ models: [M], onConflict conflict: OnConflict = .fail) async throws -> Inserted {
        guard !models.isEmpty else { return Inserted(keys: Rows(columns: M.primaryKey), count: 0, given: 0) }
        var (columns, values) = try ModelCoding<M>.encode(models)
        for key in M.primaryKey {
            // A row needs a column to be inserted at all.
            guard columns.count > 1, let index = columns.firstIndex(of: key) else { continue }
            let width = columns.count
            guard stride(from: index, to: values.count, by: width).allSatisfy({ values[$0].isNull }) else { continue }
            columns.remove(at: index)
            values = values.enumerated().filter { $0.offset % width != index }.map(\.element)
        }
        let statement = BulkInsert(
            into: M.table,
            columns: columns,
            values: values,
            onConflict: conflict.clause,
            returning: M.primaryKey
        )
        let result = try await write(statement)
        let inserted = Inserted(
            keys: result.rows ?? Rows(columns: M.primaryKey),
            count: result.changes,
            given: models.count
        )
        count(.init(inserted: inserted.count, skipped: inserted.skipped))
        return inserted
    }

    /// Writes all properties of rows, or some of them, found by the model's key, in bulk.
    ///
    /// Returns how many were found.
    ///
    ///     UPDATE "users" SET "name" = ?, "email" = ? WHERE "id" = ?
    ///
    /// - Throws: ``/Database/DatabaseError``, or ``ModelError`` if the model has no property for its key.
    @discardableResult
    public func update<M: Model>(_ models: [M], columns: [String]? = nil) async throws -> Int {
        guard !models.isEmpty else { return 0 }
        let written = try columns ?? ModelCoding<M>.encode([models[0]]).columns.filter { !M.primaryKey.contains($0) }
        let update = BulkUpdate(
            M.table,
            keyColumns: M.primaryKey,
            columns: written,
            keys: try ModelCoding<M>.values(of: M.primaryKey, in: models),
            values: try ModelCoding<M>.values(of: written, in: models)
        )
        let changes = try await write(update).changes
        count(.init(changed: changes))
        return changes
    }

    /// Writes all properties of one row.
    ///
    /// Returns whether it was found.
    ///
    /// - Throws: ``/Database/DatabaseError`` or ``ModelError``.
    @discardableResult
    public func update<M: Model>(_ model: M) async throws -> Bool { try await update([model]) == 1 }

    /// Deletes rows by the model's key, in bulk.
    ///
    /// Returns how many were found.
    ///
    ///     DELETE FROM "orders" WHERE "id" = ?
    ///
    /// - Throws: ``/Database/DatabaseError``, or ``ModelError`` if the model has no property for its key.
    @discardableResult
    public func delete<M: Model>(_ models: [M]) async throws -> Int {
        let keys = try ModelCoding<M>.values(of: M.primaryKey, in: models)
        let delete = BulkDelete(from: M.table, keyColumns: M.primaryKey, keys: keys)
        let changes = try await write(delete).changes
        count(.init(deleted: changes))
        return changes
    }

    /// Deletes one row.
    ///
    /// Returns whether it was found.
    ///
    /// - Throws: ``/Database/DatabaseError`` or ``ModelError``.
    @discardableResult
    public func delete<M: Model>(_ model: M) async throws -> Bool { try await delete([model]) == 1 }

    /// Runs SQL and returns how many rows it changed.
    ///
    /// No journal can take back what it writes: such a run is only rolled back by a `down`.
    ///
    /// - Throws: ``/Database/DatabaseError``.
    @discardableResult
    public func execute(_ sql: SQL) async throws -> Int {
        let changes = try await connection.execute(sql)
        if self is any WriteRecording {
            let text = sql.rendered(for: connection.dialect).text
            switch text.prefix(while: { !$0.isWhitespace }).uppercased() {
            case "INSERT", "REPLACE": count(.init(inserted: changes))
            case "DELETE": count(.init(deleted: changes))
            default: count(.init(changed: changes))
            }
            if sql.mayWrite(connection.dialect) { try await noteOutside(text) }
        }
        return changes
    }

    /// Runs a query.
    ///
    /// - Throws: ``/Database/DatabaseError``.
    public func query(_ sql: SQL) async throws -> Rows {
        let rows = try await connection.query(sql)
        if self is any WriteRecording, sql.mayWrite(connection.dialect) {
            try await noteOutside(sql.rendered(for: connection.dialect).text)
        }
        return rows
    }

    /// Reads the rows of a query.
    ///
    /// - Throws: ``/Database/DatabaseError`` or ``DecodingFault``.
    public func fetch<M: Model>(_ query: Query<M>) async throws -> [M] { try await query.fetch(in: self) }

    /// Reads a row again.
    ///
    /// - Throws: ``ModelError`` if it is gone, ``/Database/DatabaseError`` or ``DecodingFault``.
    public func reload<M: Model>(_ model: M) async throws -> M {
        let key = try ModelCoding<M>.values(of: M.primaryKey, in: [model])
        let query = M.all.where(Keyset(columns: M.primaryKey).condition(equals: key))
        guard let found = try await query.first(in: self) else { throw ModelError("the row of \(M.table) is gone") }
        return found
    }
}
