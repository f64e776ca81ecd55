import ArgumentParser

/// The root of the command line.
struct AzuCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "azu",
        abstract: "Data migrations: exactly once, resumable, over a live SQL database.",
        discussion: """
            The database is DATABASE_URL, from the environment or the file .env: sqlite:db/development.sqlite, or \
            postgresql://user@host/name

            Exit codes: 0 done, 1 failed, 2 a preview found work to do, 3 rows are in quarantine, 4 stopped with more to do, 5 a verification failed, \
            64 wrong usage.
            """,
        version: "0.1.0",
        groupedSubcommands: [
            CommandGroup(name: "Project", subcommands: [InitCommand.self, GenerateCommand.self, ConfigCommand.self]),
            CommandGroup(
                name: "Running",
                subcommands: [MigrateCommand.self, RunCommand.self, StatusCommand.self, MarkCommand.self]
            ),
            CommandGroup(
                name: "While it runs",
                subcommands: [
                    WatchCommand.self, PauseCommand.self, ResumeCommand.self, CancelCommand.self, SetCommand.self,
                ]
            ),
            CommandGroup(
                name: "Looking and undoing",
                subcommands: [PlanCommand.self, ShowCommand.self, RollbackCommand.self, JournalCommand.self]
            ),
            CommandGroup(name: "Verification", subcommands: [VerifyCommand.self, RequireCommand.self]),
            CommandGroup(
                name: "Bad rows",
                subcommands: [FailuresCommand.self, RetryCommand.self, AcceptCommand.self]
            ),
            CommandGroup(
                name: "Database",
                subcommands: [
                    CreateCommand.self, DatabaseMigrateCommand.self, DatabaseRollbackCommand.self,
                    DatabaseStatusCommand.self, SeedCommand.self, SetupCommand.self, ResetCommand.self,
                    DropCommand.self,
                ]
            ),
        ]
    )
}
