import DataMigrations
import Database
import Synchronization
import TestSupport

/// Where the files of these tests would be.
let path = "db/data_migrations/20240101120000_data_tried.sql"

/// The entry of a file of SQL.
func entry(_ text: String) throws -> MigrationPlan.Entry { try SQLFileMigration.entry(path: path, text: text) }

/// What is wrong with a file.
func problem(_ text: String) -> String {
    do {
        _ = try SQLFileMigration(text, path: path)
        return "nothing"
    } catch {
        return String(describing: error).replacing(path, with: "x.sql")
    }
}

/// Stops a run behind so many batches.
final class Stopper: ProgressObserver {
    let stop = StopSignal()
    private let rest: Mutex<Int>

    init(after batches: Int) { rest = Mutex(batches) }

    func observe(_ event: ProgressEvent) {
        guard case .batch = event else { return }
        let isOver = rest.withLock { rest in
            rest -= 1
            return rest <= 0
        }
        if isOver { stop.request("test") }
    }
}

extension DatabaseConnection {
    /// Runs statements, one after the other.
    func prepare(_ statements: [SQL]) async throws { for statement in statements { try await execute(statement) } }

    /// Runs a file of SQL to its end.
    @discardableResult
    func migrate(_ text: String, workers: Int = 1) async throws -> RunReport? {
        try await Runner(self, workers: workers).migrate(entry(text))
    }

    /// All rows of some tables, sorted, as text.
    func snapshot(_ tables: String...) async throws -> [String] {
        var lines: [String] = []
        for table in tables {
            let rows = try await query("SELECT * FROM \(raw: table)")
            lines += rows.map { row in table + ": " + row.values.map { $0.text ?? "NULL" }.joined(separator: "|") }
                .sorted()
        }
        return lines
    }

    /// A table `items` whose rows count how often they were written: `key` makes a key of a number.
    func makeItems(_ count: Int, keyType: String = "bigint", key: (Int) -> String = { "\($0)" }) async throws {
        try await execute(
            "CREATE TABLE items (id \(raw: keyType) PRIMARY KEY, name text NOT NULL, slug text, n bigint NOT NULL)"
        )
        let rows = (1...count).map { "(\(key($0)), 'Item \($0)', \($0 % 5 == 0 ? "'kept'" : "NULL"), 0)" }
        try await execute("INSERT INTO items VALUES \(raw: rows.joined(separator: ", "))")
    }
}
