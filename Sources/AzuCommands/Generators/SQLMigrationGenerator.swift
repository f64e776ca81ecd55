import Database
import Foundation
import MigrationNaming

/// Makes a new data migration in SQL out of a name.
struct SQLMigrationGenerator {
    let file: MigrationFileName
    private let template: SQLMigrationTemplate
    private let date: String

    /// Checks the name and picks the version.
    ///
    /// - Parameters:
    ///   - name: in snake case, camel case or with hyphens.
    ///   - date: when, for the version.
    ///   - existing: the files under `db/data_migrations`.
    /// - Throws: `GeneratorError` for a name that can't be one, and for a migration that SQL can't express.
    init(name: String, date: Date, existing: [String] = []) throws {
        file = try DataMigrationGenerator.file(name: name, date: date, existing: existing, language: .sql)
        self.date = String(Timestamp.format(date).prefix(10))
        template = try SQLMigrationTemplate(name: file.name, date: date)
    }

    /// Where the migration goes.
    var path: String { "\(DataMigrationGenerator.folder)/\(file.fileName)" }

    /// The migration.
    var files: [GeneratedFile] { [GeneratedFile(path: path, contents: header + template.text)] }

    private var header: String {
        let words = file.name.split(separator: "_").joined(separator: " ")
        return """
            -- \(words.prefix(1).uppercased())\(words.dropFirst())
            --
            -- Purpose: \(template.purpose)
            -- Created: \(date)
            -- Try:     azu db:data:plan \(file.name)
            -- Run:     azu db:data:run \(file.name)
            -- Undo:    azu db:data:rollback --version \(file.version)


            """
    }
}
