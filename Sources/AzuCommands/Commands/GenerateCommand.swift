import ArgumentParser
import Foundation

/// `azu generate data_migration NAME` and `azu generate migration NAME COLUMN…`: make new migrations.
struct GenerateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate",
        abstract: "Make a new data migration and a test for it, or a new schema migration.",
        discussion: .discussion(
            """
            The name picks what it starts from: backfill_…, migrate_…_to_…, import_…, normalize_…, archive_…, seed_…; any \
            other one starts from up and down. What is made compiles as it is. With --sql, a data migration is a file of \
            SQL, which needs no compiler, and has no test.

            A schema migration is a file of SQL, too. Understood are Create…, Drop…, CreateJoinTable…, Add…To…, \
            Remove…From…, AddIndexTo…On…, Rename…To…In…; any other name gives an empty one. Types: string, text, integer, \
            bigint, float, decimal, boolean, date, datetime, time, uuid, json, jsonb, binary, references.
            """,
            examples: [
                "Changes rows in place": "azu generate data_migration backfill_user_slugs",
                "Moves rows from one table to another": "azu generate data_migration migrate_posts_to_articles",
                "Reads a file": "azu generate data_migration import_legacy_users",
                "Changes rows in place, in SQL": "azu generate data_migration backfill_user_slugs --sql",
                "Makes a table": "azu generate migration CreateUsers email:string!:uniq team:references",
                "Adds a column": "azu generate migration AddAgeToUsers age:integer",
            ]
        )
    )

    private static let generators = ["data_migration", "data:migration", "migration"]

    @Argument(
        help: "What to make: data_migration, also written data:migration; or migration, one of the schema.",
        completion: .list(Self.generators)
    )
    var generator: String

    @Argument(help: "Its name, such as backfill_user_slugs, BackfillUserSlugs or backfill-user-slugs.")
    var name: String

    @Argument(help: ArgumentHelp("The columns of a schema migration: email:string!:uniq.", valueName: "column"))
    var columns: [String] = []

    @Flag(help: "Write a data migration in SQL.")
    var sql = false

    @Option(help: "The SQL of a schema migration: sqlite or postgresql; by default, that of DATABASE_URL.")
    var dialect: SchemaDialect?

    @Flag(help: "Leave created_at and updated_at out of a new table.")
    var noTimestamps = false

    @Flag(help: "Overwrite files that are there.")
    var force = false

    @Option(help: ArgumentHelp("The project's folder.", valueName: "folder"))
    var root = "."

    @OptionGroup var output: OutputOption

    func validate() throws {
        guard Self.generators.contains(generator) else {
            throw ValidationError(
                "there is no generator '\(generator)'; there is data_migration (or data:migration), and migration"
            )
        }
        if generator == "migration" { return try checkSchemaMigration() }
        guard columns.isEmpty else { throw ValidationError("a data migration takes no columns: \(columns[0])") }
        do {
            _ = try DataMigrationGenerator.normalized(name)
        } catch let error as GeneratorError {
            throw ValidationError(error.description)
        }
    }

    func run() throws {
        let writer = ProjectWriter(root: URL(filePath: root, directoryHint: .isDirectory), force: force)
        guard writer.exists("") else { throw GeneratorError("there is no folder \(root)") }
        if generator == "migration" { return try makeSchemaMigration(writer) }
        let existing = writer.files(under: DataMigrationGenerator.folder)
        let (files, path) = try migration(existing)
        let outcomes = try writer.write(files)
        for outcome in outcomes { outcome.tell(output.format) }
        if !sql, !writer.exists("Package.swift"), output.format == .text {
            Console.print(
                "note: there is no Package.swift here; azu init makes one, and --sql a migration that needs none"
            )
        }
        try Self.refuse(outcomes.filter { $0.path == path })
    }

    /// Tells that a migration is there already.
    ///
    /// - Throws: `GeneratorError` that names it.
    static func refuse(_ outcomes: [ProjectWriter.Outcome]) throws {
        guard let there = outcomes.first(where: { $0.action == .exists }) else { return }
        throw GeneratorError("\(there.path) exists already; pass --force to overwrite it, or choose another name")
    }

    /// What is to be written, and where the migration itself goes.
    private func migration(_ existing: [String]) throws -> (files: [GeneratedFile], path: String) {
        if sql {
            let migration = try SQLMigrationGenerator(name: name, date: Date(), existing: existing)
            return (migration.files, migration.path)
        }
        let migration = try DataMigrationGenerator(name: name, date: Date(), existing: existing)
        return (migration.files, migration.path)
    }
}
