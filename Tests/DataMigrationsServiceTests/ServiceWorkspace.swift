import DataMigrations
import Database
import Foundation
import SQLiteDriver
import Synchronization

/// A file of SQLite with items, gone at the end of a test.
final class ServiceWorkspace: Sendable {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "azu-service-\(UUID().uuidString)")
    var path: String { folder.appending(path: "test.sqlite").path(percentEncoded: false) }

    init(items: Int) async throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try await use { connection in
            try await connection.execute(
                "CREATE TABLE items (id INTEGER PRIMARY KEY, label TEXT, writes INTEGER NOT NULL DEFAULT 0)"
            )
            try await connection.execute(
                """
                CREATE TRIGGER counts AFTER UPDATE OF label ON items
                BEGIN UPDATE items SET writes = writes + 1 WHERE id = new.id; END
                """
            )
            try await connection.execute(
                """
                INSERT INTO items (id)
                WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(items)) SELECT i FROM n
                """
            )
        }
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func runner(_ observer: any ProgressObserver = SilentObserver(), limits: RunLimits = RunLimits()) async throws
        -> Runner
    {
        Runner(try await SQLiteConnection(path: path), observer: observer, limits: limits)
    }

    @discardableResult
    func use<T: Sendable>(_ body: (SQLiteConnection) async throws -> T) async throws -> T {
        let connection = try await SQLiteConnection(path: path)
        do {
            let value = try await body(connection)
            await connection.close()
            return value
        } catch {
            await connection.close()
            throw error
        }
    }

    /// How many items have a label, and how many of these were written once.
    func labelled() async throws -> (all: Int, once: Int) {
        try await use { connection in
            let row = try await connection.query(
                "SELECT count(*), coalesce(sum(writes = 1), 0) FROM items WHERE label IS NOT NULL"
            ).first
            return (Int(row?[0].integer ?? -1), Int(row?[1].integer ?? -1))
        }
    }
}

struct Item: Model {
    var id: Int64
    var label: String?
}

/// Gives each item a label, ten rows a batch.
struct LabelItems: RowMigration {
    var bad: Set<Int64> = []
    var options: MigrationOptions { MigrationOptions(batchSize: .fixed(10)) }
    var rows: Query<Item> { Item.where("label IS NULL") }

    func transform(_ item: inout Item) throws {
        if bad.contains(item.id) { throw BadItem() }
        item.label = "item \(item.id)"
    }
}

struct BadItem: Error {}

extension MigrationPlan {
    static func labels(bad: Set<Int64> = []) -> MigrationPlan {
        MigrationPlan([.init(version: "20240101000001", name: "label_items") { LabelItems(bad: bad) }])
    }

    var entry: Entry { entries[0] }
}

/// Does something when a number of batches are committed.
final class AtBatch: ProgressObserver {
    private let number: Int
    private let count = Atomic(0)
    private let action: @Sendable () -> Void

    init(_ number: Int, _ action: @escaping @Sendable () -> Void) {
        self.number = number
        self.action = action
    }

    func observe(_ event: ProgressEvent) {
        guard case .batch = event, count.add(1, ordering: .relaxed).newValue == number else { return }
        action()
    }
}

/// Something that happens once, and that others wait for.
final class Happening: Sendable {
    private let (stream, continuation) = AsyncStream.makeStream(of: Void.self)

    func happens() { continuation.finish() }
    func wait() async { for await _ in stream {} }
}
