import ArgumentParser
import Database
import SchemaMigrations

/// The command `azu db:setup`.
struct SetupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "db:setup",
        abstract: "Create the database, apply the schema migrations, and run db/seeds.sql, where there is one.",
        discussion: .discussion(
            "What exists, and what is applied, is left as it is; the seeds are run each time.",
            examples: [
                "A database for a new checkout": "azu db:setup",
                "That of the tests, with the data migrations run": "azu db:setup --env test --with-data",
            ]
        )
    )

    @OptionGroup var setup: SetupOptions

    func run() async throws {
        try Confirmation.askInProduction("set the database up", setup.workspace.settings(setup.options.flags))
        try await setup.setUp()
    }
}

/// The command `azu db:reset`.
struct ResetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "db:reset",
        abstract: "Drop the database with all that is in it, and set it up anew. Asks first.",
        discussion: .discussion(
            "In production it is refused, unless --yes is given.",
            examples: ["It asks first": "azu db:reset", "In a script": "azu db:reset --env test --yes"]
        )
    )

    @OptionGroup var setup: SetupOptions

    func run() async throws {
        let options = setup.options
        let settings = try setup.workspace.settings(options.flags)
        let url = try settings.databaseURL()
        // What deletes for good wants a --yes of its own.
        if settings.isProduction, !options.yes {
            throw CommandFailure("this is production, and db:reset drops \(url.place); say --yes if you mean it")
        }
        // What is wrong with a file must be known before the database is gone.
        _ = try SchemaFolder.load(root: settings.root)
        _ = try SeedScript(root: settings.root)
        try Confirmation.ask("Drop \(url.place), with all that is in it, and set it up anew?", yes: options.yes)
        let (name, wasThere) = try await Settings.drivers.driver(for: url).drop(url, root: settings.root)
        if wasThere {
            switch options.output {
            case .text: Console.print("dropped \(name)")
            case .json: Console.json(DatabaseRecord(event: "dropped", database: name))
            }
        }
        try await setup.setUp()
    }
}

/// Which database is made, with all that belongs into it, and how.
struct SetupOptions: ParsableArguments {
    @OptionGroup var workspace: WorkspaceOptions
    @OptionGroup var parameters: ParameterOptions
    @OptionGroup var options: RunOptions

    @Flag(help: "Run data migrations, too, in the order of all versions.")
    var withData = false

    func validate() throws { try parameters.expectData(withData) }

    /// Makes it.
    func setUp() async throws {
        let settings = try workspace.settings(options.flags)
        let url = try settings.databaseURL()
        let database = try await Settings.drivers.driver(for: url).create(url, root: settings.root)
        database.tell(options.output, isEvent: true)
        var migrate = try DatabaseMigrateCommand.parse([])
        migrate.workspace = workspace
        migrate.parameters = parameters
        migrate.options = options
        // Whoever was to be asked has been.
        migrate.options.yes = true
        migrate.withData = withData
        try await migrate.run()
        if try SeedScript(root: settings.root) == nil {
            if options.output == .text { Console.note("note: there is no \(SeedScript.path)") }
            return
        }
        try await SeedCommand.run(settings, SchemaOutput(format: options.output))
    }
}

/// The command `azu db:seed`.
struct SeedCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "db:seed",
        abstract: "Run db/seeds.sql in one transaction.",
        discussion: .discussion(
            "It is run each time, so write it so that it can be: INSERT … ON CONFLICT DO NOTHING.",
            examples: ["The rows that every database begins with": "azu db:seed"]
        )
    )

    @OptionGroup var workspace: WorkspaceOptions

    @OptionGroup var output: OutputOption

    @Flag(help: "Don't ask, not even in production.")
    var yes = false

    func run() async throws {
        let settings = try workspace.settings(Setting.given([(.yes, yes)]))
        try Confirmation.askInProduction("run the seeds", settings)
        try await Self.run(settings, SchemaOutput(format: output.format))
    }

    static func run(_ settings: Settings, _ output: SchemaOutput) async throws {
        guard let seeds = try SeedScript(root: settings.root) else {
            throw CommandFailure("there is no \(SeedScript.path); write the rows that every database begins with there")
        }
        let connection = try await settings.connect()
        let rows = try await seeds.run(connection) { output.observe($0) }
        await connection.close()
        output.tellSeeds(SeedScript.path, rows)
    }
}
