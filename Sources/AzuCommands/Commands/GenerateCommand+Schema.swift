import ArgumentParser
import Database
import Foundation
import SchemaMigrations

extension GenerateCommand {
    /// Makes sure that the name and the columns can be those of a schema migration.
    ///
    /// - Throws: `ValidationError` that says what can't.
    func checkSchemaMigration() throws {
        do {
            _ = try SchemaMigrationGenerator(name: name, fields: columns, dialect: dialect ?? .sqlite, date: Date())
        } catch let error as GeneratorError {
            throw ValidationError(error.description)
        }
    }

    /// Makes a schema migration.
    func makeSchemaMigration(_ writer: ProjectWriter) throws {
        let generator = try SchemaMigrationGenerator(
            name: name,
            fields: columns,
            dialect: try dialect ?? databaseDialect(writer.root),
            date: Date(),
            // One timeline: no version stands twice, in either folder.
            existing: writer.files(under: SchemaFolder.path) + writer.files(under: DataMigrationGenerator.folder),
            hasTimestamps: !noTimestamps
        )
        let outcomes = try writer.write(generator.files)
        for outcome in outcomes { outcome.tell(output.format) }
        try Self.refuse(outcomes)
    }

    private func databaseDialect(_ root: URL) throws -> SchemaDialect {
        let settings = try Settings(root: root, environment: nil)
        do {
            return try SchemaDialect(settings.databaseURL())
        } catch is CommandFailure {
            throw GeneratorError("DATABASE_URL is not set, so say --dialect sqlite or --dialect postgresql")
        }
    }
}
