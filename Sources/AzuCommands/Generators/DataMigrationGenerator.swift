import DataMigrations
import Database
import Foundation
import MigrationNaming

/// Makes a new data migration, and the test beside it, out of a name.
struct DataMigrationGenerator {
    static let folder = "db/data_migrations"
    static let testFolder = "Tests/MigrationsTests"

    let file: MigrationFileName
    private let date: String

    /// Checks the name and picks the version.
    ///
    /// - Parameters:
    ///   - name: in snake case, camel case or with hyphens.
    ///   - date: when, for the version.
    ///   - existing: the files under `db/data_migrations`. A migration that already has the name keeps its version, so
    ///     that the writer meets its file; no other one has the same version.
    /// - Throws: `GeneratorError` for a name that can't be one.
    init(name: String, date: Date, existing: [String] = []) throws {
        file = try Self.file(name: name, date: date, existing: existing, language: .swift)
        self.date = String(Timestamp.format(date).prefix(10))
    }

    /// The name of a new migration's file.
    ///
    /// - Throws: `GeneratorError` for a name that can't be one, or that a migration in the other language has.
    static func file(
        name: String,
        date: Date,
        existing: [String],
        language: MigrationFileName.Language
    ) throws -> MigrationFileName {
        let name = try normalized(name)
        let taken = existing.compactMap { path in
            path.split(separator: "/").last.flatMap { try? MigrationFileName(parsing: String($0)) }
        }
        var instant = date
        while taken.contains(where: { $0.version == version(instant) && $0.name != name }) { instant += 1 }
        let same = taken.first { $0.name == name }
        if let same, same.language != language {
            throw GeneratorError("\(folder)/\(same.fileName) exists already; choose another name")
        }
        return try MigrationFileName(version: same?.version ?? version(instant), name: name, language: language)
    }

    /// The migration, its test, and the files that it reads.
    var files: [GeneratedFile] {
        let template = migrationTemplate(for: file)
        return [
            GeneratedFile(path: path, contents: header(template) + template.migration),
            GeneratedFile(path: "\(Self.testFolder)/\(file.typeName)Tests.swift", contents: test(template)),
        ] + template.samples
    }

    /// Where the migration goes.
    var path: String { "\(Self.folder)/\(file.fileName)" }

    /// The name in snake case.
    static func normalized(_ name: String) throws -> String {
        let snake = Naming.snakeCase(name)
        guard MigrationFileName.isName(snake) else {
            throw GeneratorError(
                "'\(name)' is no name for a migration: it takes letters, digits and single separators, and begins "
                    + "with a letter, such as backfill_user_slugs"
            )
        }
        let type = Naming.camelCase(snake)
        guard !SwiftName.isTaken(type) else {
            throw GeneratorError(
                "'\(name)' is no name for a migration: its type would hide \(type), which is Swift's or azu's; "
                    + "add a word"
            )
        }
        return snake
    }

    private static func version(_ date: Date) -> String {
        String(Timestamp.format(date).filter(\.isNumber).prefix(14))
    }

    private func header(_ template: any MigrationTemplate) -> String {
        let words = file.name.split(separator: "_").joined(separator: " ")
        var lines = [
            "// \(words.prefix(1).uppercased())\(words.dropFirst())",
            "//",
            "// Purpose: \(template.purpose)",
            "// Created: \(date)",
            "// Run:     azu db:data:run \(file.name)",
        ]
        if template.hasDown { lines.append("// Undo:    azu db:data:rollback --version \(file.version)") }
        lines += ["// Test:    swift test --filter \(file.typeName)Tests", ""]
        lines += (["DataMigrations"] + template.imports).sorted().map { "import \($0)" }
        return lines.joined(separator: "\n") + "\n\n"
    }

    private func test(_ template: any MigrationTemplate) -> String {
        let imports = (["DataMigrations", "DataMigrationsTesting", "Testing"] + template.testImports).sorted()
        return """
            \(imports.map { "import \($0)" }.joined(separator: "\n"))

            @testable import Migrations

            @Suite struct \(file.typeName)Tests {
            \(template.test)
            }

            """
    }
}
