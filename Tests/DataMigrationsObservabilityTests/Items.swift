import DataMigrations
import DataMigrationsTesting
import Database

/// A row of the table that the runs of these tests work on.
struct Item: Model {
    var id: Int64
    var label: String?
}

/// Gives each item a label, ten rows a batch.
struct LabelItems: RowMigration {
    /// Items for which `transform` throws.
    var bad: Set<Int64> = []
    var isVerified = true

    var options: MigrationOptions { MigrationOptions(batchSize: .fixed(10)) }
    var rows: Query<Item> { Item.where("label IS NULL") }

    func transform(_ item: inout Item) throws {
        if bad.contains(item.id) { throw BadItem() }
        item.label = "s3cret \(item.id)"
    }

    func verify(_ database: any DatabaseAccess) async throws {
        if !isVerified { try await database.expect(none: Item.all) }
    }
}

struct BadItem: Error, CustomStringConvertible {
    var description: String { "this item is bad" }
}

extension MigrationPlan.Entry {
    static let version = "20240101000001"

    init(_ migration: some DataMigration) {
        self.init(version: Self.version, name: "label_items") { migration }
    }
}

/// A database with items 1 to `count`.
func makeItems(_ count: Int) async throws -> TestDatabase {
    let database = try await TestDatabase()
    try await database.execute("CREATE TABLE items (id INTEGER PRIMARY KEY, label TEXT)")
    try await database.execute(
        """
        INSERT INTO items (id)
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(count)) SELECT i FROM n
        """
    )
    return database
}

/// Asks a run to stop behind so many batches.
final class Stopper: ProgressObserver {
    let stop = StopSignal()
    private let batches: Int
    private let log = EventCounter()

    init(after batches: Int) { self.batches = batches }

    func observe(_ event: ProgressEvent) {
        guard case .batch = event, log.next() == batches else { return }
        stop.request("the test")
    }
}
