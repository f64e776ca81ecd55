import DataMigrations
import DataMigrationsTesting
import SQLiteDriver
import Testing

@Suite struct StartTests {
    struct Copy: BatchMigration {
        struct NewUser: Model {
            static let table = "copies"
            var userID: Int64
        }
        var rows: Query<User> { User.all }
        func process(_ users: [User], _ batch: Batch) async throws {
            try await batch.execute("INSERT INTO copies (user_id) SELECT id FROM users WHERE id IN \(users.map(\.id))")
        }
    }

    @Test func twoProcessesThatStartTogetherDoTheWorkOnce() async throws {
        for _ in 0..<20 {
            let file = try TemporaryFile("")
            let first = try await SQLiteConnection(path: file.path)
            try await makeUsers(50, in: first)
            try await first.execute("CREATE TABLE copies (user_id INTEGER NOT NULL)")
            let second = try await SQLiteConnection(path: file.path)
            async let one = try? Runner(first).migrate(entry(Copy()))
            async let other = try? Runner(second).migrate(entry(Copy()))
            _ = await (one, other)
            // Whoever was refused tries again, and has nothing to do.
            _ = try await Runner(second).migrate(entry(Copy()))
            #expect(try await first.number("SELECT count(*) FROM copies") == 50)
            #expect(try await first.number("SELECT count(*) FROM data_migration_runs") == 1)
            await first.close()
            await second.close()
        }
    }
}
