import DataMigrations
import Database
import Testing

/// Rows that want the same value of a unique column.
@Suite(.enabled(if: TestServer.isThere), .serialized)
struct OrderTests {
    struct LowerEmails: RowMigration {
        var rows: Query<User> { User.all }
        func transform(_ user: inout User) { user.email = user.email.lowercased() }
        func resolve(_ conflict: UniqueConflict, for user: inout User) { user.email = "\(user.id).\(user.email)" }
    }

    @Test func rowsThatGiveWayAreTakenByOneWorkerOnly() async throws {
        try await TestServer.withConnection { connection in
            try await makeUsers(300, in: connection)
            try await connection.execute("UPDATE users SET email = 'USER1@example.com' WHERE id = 200")
            let error = await #expect(throws: MigrationError.self) {
                _ = try await Runner(connection, workers: 2).migrate(entry(LowerEmails()))
            }
            #expect(error?.code == .mismatch)
            #expect(error?.description.contains("--workers 1") == true)
            #expect(try await connection.number("SELECT count(*) FROM users WHERE email = lower(email)") == 0)

            let report = try await Runner(connection).migrate(entry(LowerEmails()))
            #expect(report?.status == .succeeded)
            let emails = try await connection.texts("SELECT email FROM users WHERE id IN (1, 200) ORDER BY id")
            #expect(emails == [["user1@example.com"], ["200.user1@example.com"]])
            #expect(try await connection.number("SELECT count(*) FROM users WHERE email = lower(email)") == 300)
        }
    }
}
