import DataMigrations
import Database
import Synchronization

/// A table of users, as migrations in these tests see it.
struct User: Model {
    var id: Int64
    var name: String
    var email: String
    var slug: String?
}

/// Makes users 1 to `count`; a trigger counts how often each is written.
func makeUsers(_ count: Int, in database: any DatabaseConnection) async throws {
    try await database.execute(
        """
        CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL, email text NOT NULL UNIQUE, slug text,
        writes bigint NOT NULL DEFAULT 0)
        """
    )
    try await countWrites(of: "users", in: database)
    try await database.execute(
        """
        INSERT INTO users (id, name, email)
        SELECT i, 'User ' || i, 'User' || i || '@Example.com' FROM generate_series(1, \(raw: "\(count)")) AS i
        """
    )
}

/// Has each UPDATE of a row of a table counted in its column `writes`.
func countWrites(of table: String, in database: any DatabaseConnection) async throws {
    try await database.execute(
        """
        CREATE OR REPLACE FUNCTION count_write() RETURNS trigger LANGUAGE plpgsql
        AS $$ BEGIN NEW.writes := OLD.writes + 1; RETURN NEW; END $$
        """
    )
    try await database.execute(
        """
        CREATE TRIGGER counts BEFORE UPDATE ON \(identifier: table) FOR EACH ROW EXECUTE FUNCTION count_write()
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
    var batchSize = 100
    /// What is done when `transform` comes to a user.
    var hook: @Sendable (_ id: Int64) -> Void = { _ in }

    var options: MigrationOptions { MigrationOptions(batchSize: .fixed(batchSize)) }
    var rows: Query<User> { User.where("slug IS NULL") }

    func transform(_ user: inout User) {
        hook(user.id)
        user.slug = "\(user.name)-\(user.id)"
    }
}

/// Copies each user's key to `copies`, a table without a constraint that would tell of copies made twice.
struct CopyUsers: BatchMigration {
    var batchSize = 100
    /// A user for whom a statement fails that no row is to blame for.
    var failsAt: Int64?

    struct Copied: Model {
        static let table = "copies"
        static let primaryKey = ["user_id"]
        var userID: Int64
    }

    var options: MigrationOptions { MigrationOptions(batchSize: .fixed(batchSize)) }
    var rows: Query<User> { User.all }

    func process(_ users: [User], _ batch: Batch) async throws {
        try await batch.insert(users.map { Copied(userID: $0.id) })
        if users.contains(where: { $0.id == failsAt }) { try await batch.execute("DELETE FROM nowhere") }
    }
}

/// An entry of a plan for a migration that has state of its own.
func entry<M: DataMigration>(_ migration: M, version: String = "20240101120000") -> MigrationPlan.Entry {
    MigrationPlan.Entry(version: version, name: Naming.snakeCase(String(describing: M.self))) { migration }
}

/// Takes down what a run tells, and does something behind each batch.
final class Recorder: ProgressObserver {
    private struct State {
        var batches = 0
        var retries: [String] = []
    }

    private let state = Mutex(State())
    private let onBatch: @Sendable (_ number: Int) -> Void

    /// - Parameter onBatch: gets the number of the batch that was committed, counted from 1.
    init(onBatch: @escaping @Sendable (_ number: Int) -> Void = { _ in }) { self.onBatch = onBatch }

    func observe(_ event: ProgressEvent) {
        switch event {
        case .batch:
            let number = state.withLock { state in
                state.batches += 1
                return state.batches
            }
            onBatch(number)
        case .retrying(let reason, _, _): state.withLock { $0.retries.append(reason) }
        default: break
        }
    }

    var batches: Int { state.withLock { $0.batches } }

    /// Why something was tried again, each time that it was.
    var retries: [String] { state.withLock { $0.retries } }
}

/// Says yes once for each number.
final class Once: Sendable {
    private let seen = Mutex<Set<Int64>>([])

    func isFirst(_ number: Int64) -> Bool { seen.withLock { $0.insert(number).inserted } }
}
