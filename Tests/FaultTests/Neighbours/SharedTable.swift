import DataMigrations
import Database
import Foundation
import TestSupport
import Testing

/// A table that a migration goes through while an application writes to it.
struct SharedTable: Sendable {
    static let rows = 2_000
    static let batch = 100

    let server: PostgresServer
    let schema: String

    /// Writes the column `slug`; the application counts what it does with a row in `touched`.
    struct FillSlugs: RowMigration {
        struct User: Model {
            var id: Int64
            var name: String
            var slug: String?
        }

        /// Is told of each row that is about to be changed.
        var notice: @Sendable (_ id: Int64) -> Void = { _ in }

        var options: MigrationOptions { MigrationOptions(batchSize: .fixed(SharedTable.batch)) }
        var rows: Query<User> { User.where("slug IS NULL") }

        func transform(_ user: inout User) {
            notice(user.id)
            user.slug = "\(user.name)-\(user.id)"
        }
    }

    /// Works with such a table, in a schema of its own, and a session of the application's.
    ///
    /// - Parameters:
    ///   - storage: what follows the definition of the table.
    ///   - body: the work.
    /// - Throws: what `body` throws, or what keeps the table from being made.
    static func with(
        storage: String = "",
        _ body: (_ table: SharedTable, _ application: any DatabaseConnection) async throws -> Void
    ) async throws {
        let server = try #require(PostgresServer.given)
        try await server.withSchema { schema in
            let application = try await server.connect(["schema=\(schema)", "lock_timeout=20s"])
            do {
                for statement in statements(storage) { try await application.execute(statement) }
                try await body(SharedTable(server: server, schema: schema), application)
            } catch {
                await application.close()
                throw error
            }
            await application.close()
        }
    }

    private static func statements(_ storage: String) -> [SQL] {
        [
            """
            CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL, slug text,
            touched bigint NOT NULL DEFAULT 0) \(raw: storage)
            """,
            "CREATE TABLE writes (id bigint NOT NULL)",
            """
            CREATE FUNCTION note_write() RETURNS trigger LANGUAGE plpgsql
            AS $$ BEGIN INSERT INTO writes VALUES (NEW.id); RETURN NULL; END $$
            """,
            """
            CREATE TRIGGER notes AFTER UPDATE ON users FOR EACH ROW
            WHEN (OLD.slug IS DISTINCT FROM NEW.slug) EXECUTE FUNCTION note_write()
            """,
            filling,
        ]
    }

    /// Makes the rows.
    static let filling: SQL =
        "INSERT INTO users SELECT i, repeat('name ', 60) || i FROM generate_series(1, \(raw: "\(rows)")) AS i"

    /// Runs the migration, in sessions of its own.
    @discardableResult
    func migrate(
        _ observer: any ProgressObserver = SilentObserver(),
        parameters: [String] = ["lock_timeout=100ms"],
        again: Bool = false,
        notice: @escaping @Sendable (_ id: Int64) -> Void = { _ in }
    ) async throws -> RunReport? {
        let connection = try await server.connect(["schema=\(schema)"] + parameters)
        let retry = RetryPolicy(delay: .milliseconds(10), longestDelay: .milliseconds(100), limit: .seconds(60))
        let runner = Runner(connection, observer: observer, limits: RunLimits(signals: [], retry: retry))
        let entry = MigrationPlan.Entry(version: "20240101120000", name: "fill_slugs") { FillSlugs(notice: notice) }
        let result: Result<RunReport?, any Error>
        do {
            result = .success(try await runner.migrate(entry, again: again))
        } catch {
            result = .failure(error)
        }
        await connection.close()
        return try result.get()
    }

    /// Compares what is there with what has to be: each row has its slug, written once, and what the application did.
    ///
    /// - Parameters:
    ///   - fault: what the application did, for the tally.
    ///   - count: how often.
    ///   - touched: how often the application wrote to a row.
    ///   - rows: how many rows there are.
    ///   - repeated: how many batches were begun once more.
    ///   - connection: reads.
    /// - Throws: ``/Database/DatabaseError``.
    func check(
        _ fault: String,
        count: Int = 1,
        touched: Int,
        rows: Int = SharedTable.rows,
        repeated: Int,
        _ connection: any DatabaseConnection
    ) async throws {
        let wrong: SQL = "SELECT count(*) FROM users WHERE slug IS DISTINCT FROM name || '-' || id"
        let unwritten: SQL = "SELECT count(*) FROM users u WHERE NOT EXISTS (SELECT 1 FROM writes w WHERE w.id = u.id)"
        let doubled = try await connection.number("SELECT count(*) - count(DISTINCT id) FROM writes")
        let kept = try await connection.number("SELECT coalesce(sum(touched), 0) FROM users")
        let lost = try await connection.number(wrong) + connection.number(unwritten) + abs(touched - kept)
        #expect(try await connection.number("SELECT count(*) FROM users") == rows)
        #expect(try await connection.number(wrong) == 0, "every row has its slug")
        #expect(try await connection.number(unwritten) == 0, "which the migration has written")
        #expect(doubled == 0, "once")
        #expect(kept == touched, "what the application wrote is there")
        #expect(try await connection.number("SELECT count(*) FROM data_migrations") == 1)
        #expect(try await connection.number("SELECT count(*) FROM data_migration_slices WHERE owner IS NOT NULL") == 0)
        FaultTally.shared.record(
            fault,
            on: "PostgreSQL",
            count: count,
            lost: lost,
            doubled: doubled,
            repeated: repeated
        )
    }
}
