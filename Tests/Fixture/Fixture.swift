import AzuCommands
import DataMigrations
import Foundation

/// A program as a project has one, for the tests that need a real process.
@main
struct Fixture {
    static func main() async {
        if ProcessInfo.processInfo.environment["AZU_FIXTURE"] == "given" {
            await AzuProgram.main(plan: Given.plan, hooks: [Given.Log()])
        }
        await AzuProgram.main(
            plan: MigrationPlan([
                .init(version: "20240101000001", name: "update_users", UpdateUsers.self),
                .init(version: "20240101000002", name: "copy_posts", CopyPosts.self),
                .init(version: "20240101000003", name: "archive_orders", ArchiveOrders.self),
                .init(version: "20240101000004", name: "import_people", ImportPeople.self),
                .init(version: "20240101000005", name: "missing_column", MissingColumn.self),
                .init(version: "20240101000006", name: "missing_table", MissingTable.self),
                .init(version: "20240101000007", name: "reversible", Reversible.self),
                .init(version: "20240101000008", name: "mark_users", MarkUsers.self),
                .init(version: "20240101000009", name: "cap_orders", CapOrders.self),
            ])
        )
    }
}
