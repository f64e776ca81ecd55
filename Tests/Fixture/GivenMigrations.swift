import AzuCommands
import DataMigrations
import Foundation

/// Migrations that take values, carry tags, or are meant for one environment: the plan of the program with
/// `AZU_FIXTURE=given`.
enum Given {
    static let plan = MigrationPlan([
        .init(version: "20240201000001", name: "discount_orders", DiscountOrders.self),
        .init(version: "20240201000002", name: "purge_posts", PurgePosts.self),
        .init(version: "20240201000003", name: "rename_people", RenamePeople.self),
    ])

    /// What the program is told of all runs: a line in a file, where `AZU_FIXTURE_LOG` names one.
    struct Log: RunHooks {
        func didStart(_ run: RunInfo) throws { try add("started \(run.name)\(run.isResumed ? " again" : "")") }
        func didFinish(_ run: RunReport) throws { try add("finished \(run.name) \(run.status.rawValue)") }
        func didFail(_ run: RunReport) throws { try add("failed \(run.name) \(run.status.rawValue)") }
        func didPause(_ run: RunReport) throws { try add("paused \(run.name) \(run.status.rawValue)") }

        private func add(_ line: String) throws {
            guard let path = ProcessInfo.processInfo.environment["AZU_FIXTURE_LOG"] else { return }
            let old = FileManager.default.contents(atPath: path) ?? Data()
            try (old + Data((line + "\n").utf8)).write(to: URL(filePath: path))
        }
    }
}

/// Sets the total of orders below a limit to a value.
struct DiscountOrders: RowMigration {
    struct Order: Model {
        var id: Int64
        var total: Int
    }

    enum Rounding: String, CaseIterable, ParameterValue { case up, down }

    @Parameter("Orders below this total are discounted.", validate: { $0 > 0 }) var limit: Int
    @Parameter("How much less they cost.") var discount = 1
    @Parameter var rounding: Rounding?
    let tags: Set<String> = ["after-deploy", "orders"]

    var options: MigrationOptions { MigrationOptions(batchSize: .fixed(500)) }
    var rows: Query<Order> { Order.where("total < \(limit)") }
    func transform(_ order: inout Order) { order.total -= discount }
}

/// Is meant for production alone.
struct PurgePosts: BatchMigration {
    let environments: Set<String> = ["production"]
    let tags: Set<String> = ["after-deploy"]
    var rows: Query<CopyPosts.Post> { CopyPosts.Post.all }
    func process(_ posts: [CopyPosts.Post], _ batch: Batch) async throws { try await batch.deleteRows() }
}

/// Has a hook that throws.
struct RenamePeople: DataMigration {
    @Parameter("What people are called.", default: "nobody") var newName: String

    func up(_ migration: MigrationContext) async throws {
        let name = newName
        try await migration.step("rename") { try await $0.execute("UPDATE people SET name = \(name)") }
    }

    func didFinish(_ run: RunReport) async throws { throw Unreachable() }

    private struct Unreachable: Error, CustomStringConvertible {
        var description: String { "nobody answers" }
    }
}
