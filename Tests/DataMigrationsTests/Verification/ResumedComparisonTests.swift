import DataMigrationsTesting
import Database
import Testing

@testable import DataMigrations

/// A comparison whose process ends in the middle goes on where it was; one that came to an end starts anew.
@Suite struct ResumedComparisonTests {
    struct Post: Model {
        var id: Int64
        var title: String
    }

    struct Article: Model {
        var id: Int64
        var title: String
    }

    struct Copy: DataMigration {
        func up(_ migration: MigrationContext) async throws {
            try await migration.step("copy") { batch in
                try await batch.execute("INSERT INTO articles SELECT id, title FROM posts")
            }
        }

        func verify(_ database: any DatabaseAccess) async throws {
            try await database.expect(same: Post.all, Article.all, on: ["title"])
        }
    }

    /// Posts for two slices and a half.
    private func posts(_ count: Int = 120_000) async throws -> TestDatabase {
        let database = try await TestDatabase()
        try await database.execute("CREATE TABLE posts (id INTEGER PRIMARY KEY, title TEXT NOT NULL)")
        try await database.execute("CREATE TABLE articles (id INTEGER PRIMARY KEY, title TEXT NOT NULL)")
        try await database.execute(
            """
            INSERT INTO posts WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(count))
            SELECT i, 'post ' || i FROM n
            """
        )
        return database
    }

    private func places(_ database: TestDatabase) async throws -> [[String?]] {
        try await database.texts(
            "SELECT step, number, cursor, status, batches FROM data_migration_slices WHERE kind = 'verify' ORDER BY number"
        )
    }

    private func verdict(_ database: TestDatabase) async throws -> [[String?]] {
        try await database.texts("SELECT status, verification FROM data_migration_runs")
    }

    @Test func anInterruptedComparisonGoesOnAtTheSliceWhereItWas() async throws {
        let database = try await posts()
        let broken = BrokenConnection(database.connection) { slice in
            if slice > 2 { throw DatabaseError(.other, "the connection broke") }
        }
        let error = await #expect(throws: MigrationError.self) { try await Runner(broken).migrate(entry(Copy())) }
        #expect(error?.code == .failed)
        #expect(try await verdict(database) == [["failed", nil]])
        #expect(
            try await places(database)
                == [["verify/1", "0", "[100000]", "open", "2"], ["verify/1", "1", nil, "open", "0"]]
        )

        // What is behind the cursor is not looked at again: this row would be noticed.
        try await database.execute("UPDATE posts SET title = 'changed' WHERE id = 1")
        let whole = BrokenConnection(database.connection)
        #expect(try await Runner(whole).migrate(entry(Copy()))?.status == .succeeded)
        // The rest of one table, and three slices of the other one.
        #expect(whole.slices == 4)
        #expect(try await verdict(database) == [["succeeded", "passed"]])
        #expect(try await places(database).isEmpty)
        #expect(try await database.number("SELECT count(*) FROM articles") == 120_000)

        // Asked anew, it starts from scratch.
        let report = try await database.runner().verify(entry(Copy()))
        #expect(report.failure?.rows.first == #"only in posts: {"id":1,"title":"changed"}"#)
        #expect(try await places(database).isEmpty)
    }

    @Test func aRunThatIsStoppedWhileItComparesGoesOn() async throws {
        let database = try await posts()
        let stop = StopSignal()
        let connection = BrokenConnection(database.connection) { if $0 == 4 { stop.request("test") } }
        let report = try await Runner(connection, stop: stop).migrate(entry(Copy()))
        #expect(report?.status == .cancelled)
        #expect(
            try await places(database)
                == [["verify/1", "0", "[120000]", "done", "3"], ["verify/1", "1", "[50000]", "open", "1"]]
        )
        let whole = BrokenConnection(database.connection)
        #expect(try await Runner(whole).migrate(entry(Copy()))?.status == .succeeded)
        #expect(whole.slices == 2)
    }

    @Test func aVerificationThatIsAskedAgainGoesOnWhereItWasStopped() async throws {
        let database = try await posts()
        _ = try await database.runner().migrate(entry(Copy()))
        let stop = StopSignal()
        let connection = BrokenConnection(database.connection) { if $0 == 2 { stop.request("test") } }
        let error = await #expect(throws: MigrationError.self) {
            try await Runner(connection, stop: stop).verify(entry(Copy()))
        }
        #expect(error?.code == .state)
        // What was known before still holds.
        #expect(try await verdict(database) == [["succeeded", "passed"]])
        let whole = BrokenConnection(database.connection)
        #expect(try await Runner(whole).verify(entry(Copy())).isPassed)
        #expect(whole.slices == 4)
    }

    @Test func afterAFailureAllIsHashedAgain() async throws {
        let database = try await posts(100)
        try await database.execute(
            """
            CREATE TRIGGER lost AFTER INSERT ON articles WHEN new.id = 7
            BEGIN DELETE FROM articles WHERE id = 7; END
            """
        )
        let error = await #expect(throws: MigrationError.self) { try await database.runner().migrate(entry(Copy())) }
        #expect(error?.code == .verification)
        #expect(error?.rows == [#"only in posts: {"id":7,"title":"post 7"}"#])
        #expect(try await verdict(database) == [["failed", "failed"]])
        #expect(try await places(database).isEmpty)
        try await database.execute("DELETE FROM posts WHERE id = 7")
        #expect(try await database.runner().migrate(entry(Copy()))?.status == .succeeded)
    }

    @Test func sumsOfSomethingElseAreNotGoneOnWith() async throws {
        let database = try await posts(10)
        let runner = database.runner()
        _ = try await runner.migrate(entry(Copy()))
        let run = try #require(try await runner.ledger.latestRun(of: entry(Copy()).version))
        let context = try await runner.context(run, MigrationOptions(), retries: false, direction: .up)
        let log = ComparisonLog(context: context, step: "verify/1")

        var place = try await log.open(["posts"])[0]
        place.sum = HashSum(rows: 5, sum: -7)
        place.key = [5, "b", .null]
        try await log.save(place)
        #expect(try await log.open(["posts"])[0] == place)

        // Another comparison.
        #expect(try await log.open(["users"])[0].key == nil)

        // Rows that were written since.
        place = try await log.open(["posts"])[0]
        place.key = [5]
        try await log.save(place)
        try await database.execute("UPDATE data_migration_slices SET changed = changed + 1 WHERE step = 'copy'")
        let anew = try await log.open(["posts"])[0]
        #expect(anew.key == nil)
        #expect(anew.sum == HashSum())
    }

    @Test func eachComparisonOfAVerificationHasItsOwnPlace() async throws {
        struct Twice: DataMigration {
            func up(_ migration: MigrationContext) async throws {}
            func verify(_ database: any DatabaseAccess) async throws {
                try await database.expect(same: Post.all, Post.all, on: ["title"])
                try await database.expect(same: Post.where("id > 5"), Post.where("id > 5"), on: ["title"])
                try await database.execute(
                    """
                    INSERT INTO seen SELECT DISTINCT step FROM data_migration_slices
                    WHERE kind = 'verify' AND status = 'done'
                    """
                )
            }
        }
        let database = try await posts(10)
        try await database.execute("CREATE TABLE seen (step TEXT)")
        #expect(try await database.run(Twice()).status == .succeeded)
        #expect(try await database.texts("SELECT step FROM seen ORDER BY step") == [["verify/1"], ["verify/2"]])
    }
}
