import AzuCommands
import DataMigrations

/// The migrations that `script/bench` times, through the real command line.
@main
struct BenchMigrations {
    static func main() async {
        await AzuProgram.main(
            plan: MigrationPlan([
                .init(version: "20240101000001", name: "backfill_slugs", BackfillSlugs.self),
                .init(version: "20240101000002", name: "import_users", ImportUsers.self),
            ])
        )
    }
}
