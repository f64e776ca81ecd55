import AzuCommands
import DataMigrations

/// The command line of this project: azu's commands, and the migrations under `db/data_migrations`.
@main struct Migrations {
    static func main() async { await AzuProgram.main(plan: .discovered) }
}
