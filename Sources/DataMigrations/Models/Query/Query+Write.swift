public import Database

extension Query {
    /// Changes all rows with one statement: `UPDATE users SET active = ? WHERE …`.
    ///
    /// Returns how many.
    ///
    /// - Throws: ``/Database/DatabaseError``.
    @discardableResult
    public func updateAll(_ assignments: SQL, in database: any DatabaseAccess) async throws -> Int {
        try refuseLimit()
        let sql: SQL = "UPDATE \(identifier: M.table) SET \(assignments)"
        let changes = try await database.update(M.table, where: predicate, with: sql + condition)
        database.count(.init(changed: changes))
        return changes
    }

    /// Deletes all rows with one statement: `DELETE FROM users WHERE …`.
    ///
    /// Returns how many.
    ///
    /// - Throws: ``/Database/DatabaseError``.
    @discardableResult
    public func deleteAll(in database: any DatabaseAccess) async throws -> Int {
        try refuseLimit()
        let changes = try await database.delete(from: M.table, where: predicate)
        database.count(.init(deleted: changes))
        return changes
    }

    private var condition: SQL { predicate.map { " WHERE \($0)" } ?? "" }

    private func refuseLimit() throws {
        guard limit == nil, ordering == nil else {
            throw ModelError("an update or delete of many rows of \(M.table) takes neither order nor limit")
        }
    }
}
