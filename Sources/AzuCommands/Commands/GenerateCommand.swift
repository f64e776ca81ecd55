import ArgumentParser
import Foundation

/// `azu generate data_migration NAME`: makes a new data migration.
struct GenerateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate",
        abstract: "Make a new data migration and a test for it.",
        discussion: """
            The name picks what it starts from: backfill_…, migrate_…_to_…, import_…, normalize_…, archive_…, seed_…; any \
            other one starts from up and down. What is made compiles as it is.
            """
    )

    private static let generators = ["data_migration", "data:migration"]

    @Argument(help: "What to make: data_migration, also written data:migration.")
    var generator: String

    @Argument(help: "Its name, such as backfill_user_slugs, BackfillUserSlugs or backfill-user-slugs.")
    var name: String

    @Flag(help: "Overwrite files that are there.")
    var force = false

    @Option(help: "The project's folder.")
    var root = "."

    func validate() throws {
        guard Self.generators.contains(generator) else {
            throw ValidationError("there is no generator '\(generator)'; there is data_migration (or data:migration)")
        }
        do {
            _ = try DataMigrationGenerator.normalized(name)
        } catch let error as GeneratorError {
            throw ValidationError(error.description)
        }
    }

    func run() throws {
        let writer = ProjectWriter(root: URL(filePath: root, directoryHint: .isDirectory), force: force)
        guard writer.exists("") else { throw GeneratorError("there is no folder \(root)") }
        let migration = try DataMigrationGenerator(
            name: name,
            date: Date(),
            existing: writer.files(under: DataMigrationGenerator.folder)
        )
        let outcomes = try writer.write(migration.files)
        for outcome in outcomes { print(outcome) }
        if !writer.exists("Package.swift") {
            print("note: there is no Package.swift here; azu init sets a project up")
        }
        if outcomes.contains(ProjectWriter.Outcome(action: .exists, path: migration.path)) {
            throw GeneratorError(
                "\(migration.path) exists already; pass --force to overwrite it, or choose another name"
            )
        }
    }
}
