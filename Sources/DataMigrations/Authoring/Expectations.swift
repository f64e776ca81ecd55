public import Database

/// Assertions for ``DataMigration/verify(_:)``.
extension DatabaseAccess {
    /// Fails unless the condition is true.
    ///
    /// - Throws: ``MigrationError`` with the message.
    public func expect(_ condition: Bool, _ message: String) throws {
        if !condition { throw MigrationError(.verification, message) }
    }

    /// Fails if there is such a row.
    ///
    /// - Throws: ``MigrationError`` that tells how many there are, or ``/Database/DatabaseError``.
    public func expect<M: Model>(none query: Query<M>) async throws {
        let count = try await query.count(in: self)
        try expect(count == 0, "\(count) rows of \(M.table) are left that should not be there")
    }

    /// Fails unless there are so many rows.
    ///
    /// - Throws: ``MigrationError`` that tells how many there are, or ``/Database/DatabaseError``.
    public func expect<M: Model>(count query: Query<M>, equals expected: Int) async throws {
        let count = try await query.count(in: self)
        try expect(count == expected, "\(M.table) has \(count) such rows where \(expected) were expected")
    }
}
