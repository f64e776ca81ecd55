extension SQLiteConnection {
    /// Puts a copy of this database in the place of another one, which keeps nothing of what it held.
    ///
    /// Neither may be in a transaction.
    ///
    /// - Throws: ``/Database/DatabaseError``.
    package func copy(over other: SQLiteConnection) async throws { try await queue.copy(over: other.queue) }
}
