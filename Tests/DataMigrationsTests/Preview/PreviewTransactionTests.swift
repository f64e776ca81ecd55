import DataMigrations
import DataMigrationsTesting
import Testing

/// Code that begins and commits by itself runs as ever in a preview, and leaves nothing.
@Suite("Transactions of a migration's own") struct PreviewTransactionTests {
    private func makeFamilies(in database: TestDatabase) async throws {
        try await database.execute("CREATE TABLE parents (id INTEGER PRIMARY KEY)")
        try await database.execute(
            """
            CREATE TABLE children (id INTEGER PRIMARY KEY,
            parent INTEGER NOT NULL REFERENCES parents DEFERRABLE INITIALLY DEFERRED)
            """
        )
    }

    /// Previews a migration, runs it, and expects the same rows of parents at the end of both.
    private func expectParents(_ expected: [String], after work: @escaping Work) async throws {
        let database = try await TestDatabase()
        try await makeFamilies(in: database)
        let found = Notebook<[String]>()
        let migration = ByHand { migration in
            try await work(migration)
            let parents = try await migration.texts("SELECT id FROM parents ORDER BY id")
            found.note(parents.compactMap { $0[0] })
        }
        let preview = try await database.previewLeavingNothing(migration)
        #expect(preview.failure == nil)
        #expect(found.all == [expected])
        try await database.run(migration)
        #expect(found.all == [expected, expected])
    }

    typealias Work = @Sendable (MigrationContext) async throws -> Void

    @Test func areKeptOrDroppedWithinThePreview() async throws {
        try await expectParents(["1", "2"]) { migration in
            let connection = migration.connection
            try await connection.run([.begin, .execute("INSERT INTO parents VALUES (1)"), .commit])
            try await connection.run([.begin, .execute("INSERT INTO parents VALUES (3)"), .rollback])
            _ = try await connection.transaction { try await connection.execute("INSERT INTO parents VALUES (2)") }
        }
    }

    @Test(
        arguments: [
            ["BEGIN", "COMMIT", "ROLLBACK"], ["BEGIN IMMEDIATE", "END TRANSACTION", "ROLLBACK TRANSACTION"],
            ["-- all\n  begin", "/* and */ commit", " rollback"],
        ]
    )
    func mayBeWrittenOutInSQL(words: [String]) async throws {
        try await expectParents(["1"]) { migration in
            try await migration.connection.execute("\(raw: words[0])")
            try await migration.connection.execute("INSERT INTO parents VALUES (1)")
            try await migration.connection.execute("\(raw: words[1])")
            try await migration.connection.execute("\(raw: words[0])")
            try await migration.connection.execute("INSERT INTO parents VALUES (2)")
            try await migration.connection.execute("\(raw: words[2])")
        }
    }

    @Test func mayHaveParts() async throws {
        try await expectParents(["1", "3"]) { migration in
            let connection = migration.connection
            try await connection.transaction {
                try await connection.execute("INSERT INTO parents VALUES (1)")
                try await connection.run([.savepoint("mine"), .execute("INSERT INTO parents VALUES (2)")])
                try await connection.run([.rollbackTo("mine")])
                _ = try await connection.savepoint("mine") {
                    try await connection.execute("INSERT INTO parents VALUES (3)")
                }
            }
        }
    }

    @Test func thatFailInTheMiddleAreRolledBackAndWhatComesBehindIsNotCommitted() async throws {
        try await expectParents(["7"]) { migration in
            let connection = migration.connection
            await #expect(throws: DatabaseError.self) {
                try await connection.run([
                    .begin, .execute("INSERT INTO parents VALUES (1)"), .execute("INSERT INTO nowhere VALUES (1)"),
                    .commit,
                ])
            }
            try await connection.run([.rollback])
            try await connection.execute("INSERT INTO parents VALUES (7)")
        }
    }

    @Test func whoseCommitFailsAreRolledBackAndWhatComesBehindIsNotCommitted() async throws {
        try await expectParents(["7"]) { migration in
            let connection = migration.connection
            await #expect(throws: DatabaseError.self) {
                try await connection.transaction {
                    try await connection.execute("INSERT INTO parents VALUES (1)")
                    try await connection.execute("INSERT INTO children VALUES (1, 99)")
                }
            }
            await #expect(throws: DatabaseError.self) {
                try await connection.run([.begin, .execute("INSERT INTO children VALUES (2, 99)"), .commit])
            }
            try await connection.run([.rollback])
            try await connection.execute("INSERT INTO parents VALUES (7)")
        }
    }

    @Test func aStatementByItselfIsATransactionOfItsOwn() async throws {
        try await expectParents(["1"]) { migration in
            let connection = migration.connection
            // A deferred foreign key is met at the end of the statement.
            let error = await #expect(throws: DatabaseError.self) {
                try await connection.execute("INSERT INTO children VALUES (1, 99)")
            }
            #expect(error?.code == .foreignKeyViolation)
            // What stands before one that fails stays.
            let second = await #expect(throws: DatabaseError.self) {
                try await connection.run([
                    .execute("INSERT INTO parents VALUES (1)"), .execute("INSERT INTO parents VALUES (1)"),
                    .execute("INSERT INTO parents VALUES (2)"),
                ])
            }
            #expect(second?.code == .uniqueViolation)
            #expect(second?.statement == 1)
            let children = try await migration.number("SELECT count(*) FROM children")
            #expect(children == 0)
        }
    }

    @Test func anErrorTellsWhichStatementFailed() async throws {
        try await expectParents([]) { migration in
            let connection = migration.connection
            for list in [
                [.begin, .execute("DELETE FROM parents"), .execute("DELETE FROM nowhere"), .commit],
                [.execute("DELETE FROM parents"), .begin, .execute("DELETE FROM nowhere")],
                [.query("SELECT 1"), .query("SELECT 2"), .query("SELECT * FROM nowhere"), .query("SELECT 3")],
            ] as [[Statement]] {
                let error = await #expect(throws: DatabaseError.self) { try await connection.run(list) }
                #expect(error?.statement == 2)
                try await connection.run([.rollback])
            }
            let results = try await connection.run([.begin, .query("SELECT 5"), .commit, .query("SELECT 6")])
            #expect(results.map { $0.rows?.first?[0].integer } == [nil, 5, nil, 6])
        }
    }

    @Test func thatAreEndedOnceTooOftenLeaveNothing() async throws {
        let database = try await TestDatabase()
        try await makeFamilies(in: database)
        let migration = ByHand { migration in
            let connection = migration.connection
            for statement in [.commit, .rollback, .execute("COMMIT"), .execute("ROLLBACK")] as [Statement] {
                _ = try? await connection.run([statement])
                try await connection.execute("INSERT INTO parents DEFAULT VALUES")
            }
            try await migration.step("more") { batch in
                _ = try? await batch.connection.run([.commit])
                _ = try? await batch.connection.run([.commit])
                try await batch.connection.execute("INSERT INTO parents DEFAULT VALUES")
            }
        }
        _ = try await database.previewLeavingNothing(migration)
    }

    struct Committing: BatchMigration {
        var rows: Query<User> { User.all }
        func process(_ users: [User], _ batch: Batch) async throws {
            try await batch.execute("UPDATE users SET slug = 'one'")
            _ = try? await batch.connection.run([.commit])
            try await batch.connection.execute("UPDATE users SET slug = 'two'")
            try await batch.connection.run([.begin, .execute("UPDATE users SET slug = 'three'"), .commit])
        }
    }

    @Test func thatEndTheTransactionOfABatchLeaveNothing() async throws {
        let database = try await TestDatabase()
        try await makeUsers(30, in: database)
        _ = try await database.previewLeavingNothing(Committing(), sample: 10)
    }

    @Test func thatAreLeftOpenLeaveNothing() async throws {
        let database = try await TestDatabase()
        try await makeFamilies(in: database)
        let migration = ByHand { migration in
            try await migration.connection.run([.begin, .execute("INSERT INTO parents VALUES (1)")])
            try await migration.connection.run([.savepoint("open"), .execute("INSERT INTO parents VALUES (2)")])
        }
        let preview = try await database.previewLeavingNothing(migration)
        #expect(preview.failure == nil)
    }

    @Test(arguments: ["PREPARE TRANSACTION 'x'", "COMMIT AND CHAIN", "ROLLBACK PREPARED 'x'"])
    func thatCanNotBePartOfAnotherOneAreRefused(statement: String) async throws {
        let database = try await TestDatabase()
        try await makeFamilies(in: database)
        let migration = ByHand { migration in
            try await migration.connection.execute("INSERT INTO parents VALUES (1)")
            try await migration.connection.execute("\(raw: statement)")
        }
        let preview = try await database.previewLeavingNothing(migration)
        #expect(preview.failure?.contains("can't be tried in a preview") == true)
        #expect(!preview.hasWork)
    }
}
