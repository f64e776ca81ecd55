import Database

/// How far the sequences of a schema have counted: no rollback takes that back.
struct PostgresSequences: Sendable {
    private struct State: Sendable {
        var name: String
        var value: Int64
        var isCalled: Bool
    }

    private let states: [State]

    /// Reads how far they are.
    ///
    /// - Throws: ``/Database/DatabaseError``.
    init(_ connection: any DatabaseConnection) async throws {
        states = try await connection.query(
            """
            SELECT sequencename::text, coalesce(last_value, start_value), last_value IS NOT NULL
            FROM pg_sequences WHERE schemaname = current_schema()
            """
        ).map { State(name: $0[0].text ?? "", value: $0[1].integer ?? 1, isCalled: $0[2].integer == 1) }
    }

    /// Puts those that are there still back to that.
    ///
    /// - Throws: ``/Database/DatabaseError``.
    func restore(_ connection: any DatabaseConnection) async throws {
        for state in states {
            _ = try await connection.query(
                """
                SELECT setval(c.oid::regclass, \(state.value), \(state.isCalled)) FROM pg_class c
                WHERE c.relname = \(state.name) AND c.relkind = 'S' AND c.relnamespace = current_schema()::regnamespace
                """
            )
        }
    }
}
