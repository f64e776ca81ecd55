import Database

/// The session that a trial's run has: one of its own, where the database lets several write.
struct TrialConnection: Sendable {
    let connection: any DatabaseConnection
    /// Whether it is closed with the trial; otherwise it is the test's own.
    let isOwn: Bool

    /// Opens one.
    ///
    /// - Throws: ``/Database/DatabaseError``.
    init(beside connection: any DatabaseConnection) async throws {
        let another = try await connection.another()
        self.connection = another ?? connection
        isOwn = another != nil
    }

    /// A session that is to be closed with the trial.
    init(_ own: any DatabaseConnection) { (connection, isOwn) = (own, true) }

    /// Drops what is not committed, and ends the session.
    func end() async {
        _ = try? await connection.run([.rollback])
        if isOwn { await connection.close() }
    }
}
