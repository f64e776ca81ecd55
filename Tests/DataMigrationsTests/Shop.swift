import DataMigrations
import DataMigrationsTesting
import Synchronization

/// A table of users, as migrations in these tests see it.
struct User: Model {
    var id: Int64
    var name: String
    var email: String
    var slug: String?
}

/// Makes users 1 to `count`.
func makeUsers(_ count: Int, in database: some DatabaseAccess) async throws {
    try await database.execute(
        """
        CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL UNIQUE, slug TEXT,
        writes INTEGER NOT NULL DEFAULT 0)
        """
    )
    try await database.execute(
        """
        CREATE TRIGGER counts AFTER UPDATE OF slug, email ON users
        BEGIN UPDATE users SET writes = writes + 1 WHERE id = new.id; END
        """
    )
    try await database.execute(
        """
        INSERT INTO users (id, name, email)
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(count))
        SELECT i, 'User ' || i, 'User' || i || '@Example.com' FROM n
        """
    )
}

extension DatabaseAccess {
    /// The number that a query counts.
    func number(_ sql: SQL) async throws -> Int { Int(try await query(sql).first?[0].integer ?? -1) }

    /// The rows of a query, as text.
    func texts(_ sql: SQL) async throws -> [[String?]] { try await query(sql).map { $0.values.map(\.text) } }
}

/// Gives each user a slug.
struct BackfillSlugs: RowMigration {
    var options: MigrationOptions { MigrationOptions(batchSize: .fixed(batchSize)) }
    var batchSize = 100
    /// Users for whom `transform` throws.
    var bad: Set<Int64> = []

    var rows: Query<User> { User.where("slug IS NULL OR slug = ''") }

    func transform(_ user: inout User) throws {
        if bad.contains(user.id) { throw BadUser() }
        user.slug = "\(user.name.lowercased().replacing(" ", with: "-"))-\(user.id)"
    }
}

struct BadUser: Error, CustomStringConvertible {
    var description: String { "this user is bad" }
}

/// Takes down what runs tell, and may stop them.
final class Recorder: ProgressObserver {
    private let state = Mutex<[ProgressEvent]>([])
    private let stop: StopSignal?
    private let batches: Int

    /// Asks `stop` to stop after so many batches.
    init(stop: StopSignal? = nil, after batches: Int = .max) {
        self.stop = stop
        self.batches = batches
    }

    func observe(_ event: ProgressEvent) {
        let count = state.withLock { events in
            events.append(event)
            return events.count { if case .batch = $0 { true } else { false } }
        }
        if count >= batches { stop?.request("test") }
    }

    var batchSizes: [Int] {
        state.withLock { $0.compactMap { if case .batch(let batch) = $0 { batch.counters.visited } else { nil } } }
    }
}

extension DatabaseAccess {
    /// A runner and an entry for a migration.
    func runner(
        observer: any ProgressObserver = SilentObserver(),
        stop: StopSignal = StopSignal()
    ) -> Runner {
        Runner(connection, observer: observer, stop: stop)
    }
}

/// An entry of a plan for a migration that has state of its own.
func entry<M: DataMigration>(_ migration: M, version: String = "20240101120000") -> MigrationPlan.Entry {
    MigrationPlan.Entry(version: version, name: Naming.snakeCase(String(describing: M.self))) { migration }
}
