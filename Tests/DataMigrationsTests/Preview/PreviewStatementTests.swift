import DataMigrations
import DataMigrationsTesting
import Synchronization
import Testing

/// The statements that a preview tells are those that a run has.
@Suite("The SQL of a preview") struct PreviewStatementTests {
    /// A connection that remembers what it runs, but for what is about the ledger.
    final class Spy: DatabaseConnection {
        let dialect: any Dialect
        private let real: any DatabaseConnection
        private let texts = Mutex<Set<String>>([])

        init(_ real: any DatabaseConnection) {
            self.real = real
            dialect = real.dialect
        }

        /// The statements that write.
        var writes: [String] {
            texts.withLock { $0.sorted() }.filter { text in
                ["INSERT", "UPDATE", "DELETE"].contains { text.hasPrefix($0) } && !text.contains("data_migration")
            }
        }

        @discardableResult
        func run(_ statements: [Statement]) async throws -> [StatementResult] {
            for statement in statements {
                guard let text = statement.text(for: dialect) else { continue }
                texts.withLock { texts in _ = texts.insert(text) }
            }
            return try await real.run(statements)
        }

        func schema(of table: String) async throws -> TableSchema? { try await real.schema(of: table) }

        func close() async {}
    }

    /// Runs a migration for good, and returns what it wrote with.
    private func writes(of migration: some DataMigration, in database: TestDatabase) async throws -> [String] {
        let spy = Spy(database.connection)
        let report = try await Runner(spy).migrate(entry(migration))
        #expect(report?.status == .succeeded)
        return spy.writes
    }

    @Test(arguments: [true, false]) func areThoseOfARunThatChangesRows(hasTrigger: Bool) async throws {
        let database = try await TestDatabase()
        try await makeUsers(40, in: database)
        if !hasTrigger { try await database.execute("DROP TRIGGER counts") }
        let preview = try await database.previewLeavingNothing(BackfillSlugs())
        #expect(preview.writes == [#"UPDATE "users" SET "slug" = ? WHERE "id" = ?"#])
        #expect(try await writes(of: BackfillSlugs(), in: database) == preview.writes)
    }

    struct Take: BatchMigration {
        struct Taken: Model {
            static let table = "taken"
            static let primaryKey = ["email"]
            var email: String
            var name: String
            var slug: String?
        }

        var rows: Query<User> { User.where("id > \(3)") }

        func process(_ users: [User], _ batch: Batch) async throws {
            let taken = users.map { Taken(email: $0.email, name: $0.name, slug: $0.slug) }
            try await batch.insert(taken, onConflict: .update("email"))
            let known = try await batch.fetch(User.where("name IN \(users.map(\.name))"))
            let other = "secret"
            try await batch.execute("UPDATE users SET writes = 1 WHERE id IN \(known.map(\.id)) AND email <> \(other)")
            try await User.where("id IN \(users.prefix(2).map(\.id))").updateAll("slug = \("hidden")", in: batch)
            try await batch.delete(Array(users.suffix(5)))
        }
    }

    private func makeTaken(in database: TestDatabase) async throws {
        try await makeUsers(40, in: database)
        try await database.execute(
            "CREATE TABLE taken (email TEXT PRIMARY KEY NOT NULL, name TEXT NOT NULL, slug TEXT)"
        )
    }

    @Test func areThoseOfARunThatMovesRows() async throws {
        let database = try await TestDatabase()
        try await makeTaken(in: database)
        let preview = try await database.previewLeavingNothing(Take())
        #expect(preview.writes.count == 4)
        // A list is told without its length.
        let long = try await writes(of: Take(), in: database)
        let list = "(" + Array(repeating: "?", count: 37).joined(separator: ", ") + ")"
        #expect(preview.writes.sorted() == long.map { $0.replacing(list, with: "(?, …)") }.sorted())
    }

    @Test func haveNoValuesAndNoLongLists() async throws {
        let database = try await TestDatabase()
        try await makeTaken(in: database)
        let preview = try await database.previewLeavingNothing(Take())
        let texts = preview.statements.map(\.sql)
        #expect(texts.allSatisfy { !$0.contains("secret") && !$0.contains("hidden") && !$0.contains("User") })
        #expect(texts.contains { $0.contains("name IN (?, …)") })
        #expect(texts.contains { $0.contains("id IN (?, ?)") })
        #expect(texts.allSatisfy { !$0.contains("?, ?, ?, ?") && !$0.contains("\n") })
    }

    @Test func areCountedOnceEachAndInTheirOrder() async throws {
        let database = try await TestDatabase()
        try await makeUsers(100, in: database)
        try await database.execute("DROP TRIGGER counts")
        let statements = try await database.previewLeavingNothing(BackfillSlugs(), sample: 20).statements
        #expect(Set(statements.map(\.sql)).count == statements.count)
        let read = try #require(statements.first)
        #expect(read.sql.hasPrefix(#"SELECT "id", "id", "name", "email", "slug" FROM "users" NOT INDEXED WHERE"#))
        let write = try #require(statements.first { $0.sql.hasPrefix("UPDATE") })
        #expect(write.count == 5)
        #expect(statements.allSatisfy { !$0.sql.contains("data_migration") && !$0.sql.contains("azu_preview") })
        #expect(statements.allSatisfy { !$0.sql.contains("EXPLAIN") && !$0.sql.contains("count(*)") })
    }

    @Test func theQueryOfABatchHasItsPlan() async throws {
        let database = try await TestDatabase()
        try await makeUsers(100, in: database)
        let source = try await database.previewLeavingNothing(BackfillSlugs()).sources[0]
        let query = try #require(source.query)
        #expect(query.contains(#"FROM "users" NOT INDEXED WHERE (slug IS NULL OR slug = '') AND "id" > ?"#))
        #expect(source.plan.count == 1)
        #expect(source.plan.first?.contains("USING INTEGER PRIMARY KEY (rowid>?)") == true)
        #expect(source.warnings.isEmpty)
    }
}
