import ArgumentParser
import Database
import SchemaMigrations

/// The command `azu db:setup`.
struct SetupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "db:setup",
        abstract: "Create the database, apply the schema migrations, and run db/seeds.sql, where there is one.",
        discussion: "What exists, and what is applied, is left as it is; the seeds are run each time."
    )

    @OptionGroup var workspace: WorkspaceOptions
    @OptionGroup var options: RunOptions

    @Flag(help: "Run data migrations, too, in the order of all versions.")
    var withData = false

    func run() async throws {
        let settings = try workspace.settings()
        if settings.isProduction { try Confirmation.ask("This is production: set the database up?", yes: options.yes) }
        try await DatabaseSetup(workspace: workspace, options: options, withData: withData).run()
    }
}

/// The command `azu db:reset`.
struct ResetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "db:reset",
        abstract: "Drop the database with all that is in it, and set it up anew. Asks first.",
        discussion: "In production it is refused, unless --yes is given."
    )

    @OptionGroup var workspace: WorkspaceOptions
    @OptionGroup var options: RunOptions

    @Flag(help: "Run data migrations, too, in the order of all versions.")
    var withData = false

    func run() async throws {
        let settings = try workspace.settings()
        let url = try settings.databaseURL()
        if settings.isProduction, !options.yes {
            throw CommandFailure("this is production, and db:reset drops \(url.place); say --yes if you mean it")
        }
        // What is wrong with a file must be known before the database is gone.
        _ = try SchemaFolder.load(root: settings.root)
        _ = try SeedScript(root: settings.root)
        try Confirmation.ask("Drop \(url.place), with all that is in it, and set it up anew?", yes: options.yes)
        let (name, wasThere) = try await Settings.drivers.driver(for: url).drop(url, root: settings.root)
        if wasThere { SchemaOutput(format: options.output).tell("dropped", database: name) }
        try await DatabaseSetup(workspace: workspace, options: options, withData: withData).run()
    }
}

/// Makes a database, and all that belongs into it.
private struct DatabaseSetup {
    var workspace: WorkspaceOptions
    var options: RunOptions
    var withData: Bool

    func run() async throws {
        let settings = try workspace.settings()
        let output = SchemaOutput(format: options.output, isVerbose: options.verbose)
        let url = try settings.databaseURL()
        let (name, isNew) = try await Settings.drivers.driver(for: url).create(url, root: settings.root)
        output.tell(isNew ? "created" : "exists", database: name)
        var migrate = try DatabaseMigrateCommand.parse([])
        migrate.workspace = workspace
        migrate.options = options
        // Whoever was to be asked has been.
        migrate.options.yes = true
        migrate.withData = withData
        try await migrate.run()
        if try SeedScript(root: settings.root) == nil {
            if options.output == .text { Console.note("note: there is no \(SeedScript.path)") }
            return
        }
        try await SeedCommand.run(settings, output)
    }
}

/// The command `azu db:seed`.
struct SeedCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "db:seed",
        abstract: "Run db/seeds.sql in one transaction.",
        discussion: """
            It is run each time, so write it so that it can be: INSERT … ON CONFLICT DO NOTHING.
            """
    )

    @OptionGroup var workspace: WorkspaceOptions

    @Option(help: "What to print: text, or json (one object a line).")
    var output: OutputFormat = .text

    @Flag(help: "Don't ask, not even in production.")
    var yes = false

    func run() async throws {
        let settings = try workspace.settings()
        if settings.isProduction { try Confirmation.ask("This is production: run the seeds?", yes: yes) }
        try await Self.run(settings, SchemaOutput(format: output))
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
