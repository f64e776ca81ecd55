import DataMigrations
import Database
import TestSupport
import Testing

@Suite struct BadRowTests {
    private let text = """
        -- azu:table users
        -- azu:where email <> lower(email)
        -- azu:batch 8
        UPDATE users SET email = lower(email) WHERE {range}
        """

    /// Of 30 users, the addresses of the 9th and the 20th are those of others once they are in small letters.
    private func makeUsers(_ connection: any DatabaseConnection) async throws {
        try await connection.execute("CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL UNIQUE)")
        let names = [9: "U1", 20: "U2", 31: "u1", 32: "u2"]
        let rows = (1...32).map { "(\($0), '\(names[$0] ?? "User\($0)")@x')" }.joined(separator: ", ")
        try await connection.execute("INSERT INTO users VALUES \(raw: rows)")
    }

    @Test(arguments: Store.all)
    func `bad rows are found, put aside whole, and retried`(store: Store) async throws {
        try await store.with { connection in
            try await makeUsers(connection)
            let entry = try entry(text)
            let report = try #require(try await Runner(connection).migrate(entry))
            #expect(report.status == .quarantined)
            #expect(report.openQuarantine == 2)
            #expect(report.counters.changed == 28)
            let left = try await connection.texts("SELECT id FROM users WHERE email <> lower(email) ORDER BY id")
            #expect(left == [["9"], ["20"]])
            let bad = try await Runner(connection).failures(of: entry)
            #expect(bad.map(\.row.original) == [#"{"email":"U1@x","id":9}"#, #"{"email":"U2@x","id":20}"#])

            try await connection.execute("DELETE FROM users WHERE id IN (31, 32)")
            let retried = try await Runner(connection).retry(entry)
            #expect(retried.status == .succeeded)
            #expect(try await connection.number("SELECT count(*) FROM users WHERE email <> lower(email)") == 0)
            #expect(try await connection.number("SELECT count(*) FROM data_migrations") == 1)
        }
    }

    @Test(arguments: Store.all)
    func `a body of several statements is split, too, and nothing of a bad row stays`(store: Store) async throws {
        try await store.with { connection in
            try await connection.prepare([
                "CREATE TABLE orders (id bigint PRIMARY KEY, total bigint NOT NULL)",
                "CREATE TABLE archive (id bigint PRIMARY KEY, total bigint NOT NULL CHECK (total > 0))",
            ])
            let rows = (1...30).map { "(\($0), \($0 == 11 ? 0 : $0))" }.joined(separator: ", ")
            try await connection.execute("INSERT INTO orders VALUES \(raw: rows)")
            let report = try await connection.migrate(
                """
                -- azu:table orders
                -- azu:batch 12
                -- azu:tolerates 1
                INSERT INTO archive SELECT id, total FROM orders WHERE {range};
                DELETE FROM orders WHERE {range};
                """
            )
            #expect(report?.status == .succeeded)
            #expect(try await connection.texts("SELECT id FROM orders") == [["11"]])
            #expect(try await connection.number("SELECT count(*) FROM archive") == 29)
        }
    }

    @Test(arguments: Store.all)
    func `more bad rows than azu:quarantine allows stop the run`(store: Store) async throws {
        try await store.with { connection in
            try await makeUsers(connection)
            let problem = await #expect(throws: MigrationError.self) {
                try await connection.migrate("-- azu:quarantine 1\n" + text)
            }
            #expect(problem?.code == .tooManyFailures)
        }
    }
}
