import DataMigrations
import DataMigrationsTesting
import Database
import Testing

/// Some conflicts make SQLite drop the whole transaction, not the statement alone.
@Suite struct DroppedTransactionTests {
    struct Copy: Model {
        static let table = "copies"
        static let primaryKey = ["user_id"]
        var userID: Int64
    }

    struct CopyUsers: BatchMigration {
        var swallows = false
        var options: MigrationOptions { MigrationOptions(batchSize: .fixed(100)) }
        var rows: Query<User> { User.all }
        func process(_ users: [User], _ batch: Batch) async throws {
            for user in users {
                do {
                    try await batch.insert(Copy(userID: user.id == 150 ? 149 : user.id))
                } catch let error as DatabaseError where swallows && error.code == .uniqueViolation {
                    continue
                }
            }
        }
    }

    @Test(arguments: [false, true]) func nothingIsCommittedBehindATransactionThatIsGone(swallows: Bool) async throws {
        let database = try await TestDatabase()
        try await makeUsers(300, in: database)
        try await database.execute(
            "CREATE TABLE copies (user_id INTEGER NOT NULL UNIQUE ON CONFLICT ROLLBACK)"
        )
        for _ in 0..<3 {
            await #expect(throws: MigrationError.self) { try await database.run(CopyUsers(swallows: swallows)) }
            #expect(try await database.number("SELECT count(*) FROM copies") == 100)
            let cursors = try await database.texts("SELECT cursor FROM data_migration_slices WHERE step = 'rows'")
            #expect(cursors == [["[100]"]])
        }
    }
}
