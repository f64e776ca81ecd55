extension ProjectGenerator {
    /// The files of a project besides its manifest.
    static let files = [
        GeneratedFile(
            path: "db/Migrations.swift",
            contents: """
                import AzuCommands
                import DataMigrations

                /// The command line of this project: azu's commands, and the migrations under `db/data_migrations`.
                @main struct Migrations {
                    static func main() async { await AzuProgram.main(plan: .discovered) }
                }

                """
        ),
        GeneratedFile(
            path: "db/models/User.swift",
            contents: """
                import DataMigrations

                /// A row of the table `users`. A property is the column of the same name in snake case.
                struct User: Model {
                    var id: Int64
                    var name: String
                    var email: String
                }

                """
        ),
        GeneratedFile(path: "db/data_migrations/.gitkeep", contents: ""),
        GeneratedFile(path: "db/data/.gitkeep", contents: ""),
        GeneratedFile(
            path: "Tests/MigrationsTests/MigrationsTests.swift",
            contents: """
                import DataMigrations
                import Testing

                @testable import Migrations

                @Suite struct MigrationsTests {
                    @Test func noTwoMigrationsShareAVersionOrAName() throws {
                        try MigrationPlan.discovered.validate()
                    }
                }

                """
        ),
        GeneratedFile(
            path: ".env",
            contents: """
                # Read by azu. What the environment sets goes before; .env.production is read with --env production.
                DATABASE_URL=sqlite:db/data/development.sqlite

                """
        ),
        GeneratedFile(
            path: ".gitignore",
            contents: """
                .build/
                .env
                .env.*
                *.sqlite
                *.sqlite-shm
                *.sqlite-wal
                .DS_Store

                """
        ),
    ]
}
