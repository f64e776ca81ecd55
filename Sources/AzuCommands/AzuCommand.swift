import ArgumentParser

/// The root of the command line.
struct AzuCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "azu",
        abstract: "Data migrations: exactly once, resumable, over a live SQL database.",
        discussion: """
            The database is DATABASE_URL, from the environment or the file .env: sqlite:db/development.sqlite, or \
            postgresql://user@host/name

            EXIT CODES:
              0   done
              1   failed; the last line on standard error says why
              2   a preview found work to do
              3   rows are in quarantine, or a rollback left rows as they are
              4   stopped, with more to do
              5   a verification failed
              64  wrong usage


            """
                + .discussion(examples: [
                    "Set a project up, and write a first migration": "azu init",
                    "It is a file in db/data_migrations": "azu generate data_migration backfill_user_slugs",
                    "See what it would do, on samples of the rows": "azu db:data:plan backfill_user_slugs",
                    "Run what is not executed yet": "azu db:data:migrate",
                    "Look where everything stands": "azu db:data:status",
                ]),
        version: "0.1.0",
        groupedSubcommands: [
            CommandGroup(
                name: "Project",
                subcommands: [
                    InitCommand.self, GenerateCommand.self, ConfigCommand.self, CompletionsCommand.self,
                    ManualCommand.self,
                ]
            ),
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
