import DataMigrations
import Database
import Foundation
import MigrationNaming
import SchemaMigrations

/// Makes a new schema migration out of a name and columns.
struct SchemaMigrationGenerator {
    /// The files; more than one where an index must be made by itself.
    let files: [GeneratedFile]

    /// Checks the name, and picks the version.
    ///
    /// - Parameters:
    ///   - name: in snake case, camel case or with hyphens: `CreateUsers`.
    ///   - fields: columns, `email:string:uniq`.
    ///   - dialect: the SQL.
    ///   - date: when, for the version.
    ///   - existing: the files of all migrations. One that already has the name keeps its version, so that the writer meets
    ///     its file; no other one has the same version.
    ///   - hasTimestamps: whether a new table gets `created_at` and `updated_at`.
    /// - Throws: `GeneratorError` for a name or a column that can't be one.
    init(
        name: String,
        fields: [String],
        dialect: SchemaDialect,
        date: Date,
        existing: [String] = [],
        hasTimestamps: Bool = true
    ) throws {
        let name = Naming.snakeCase(name)
        guard MigrationFileName.isName(name) else {
            throw GeneratorError(
                "'\(name)' is no name for a migration: it takes letters, digits and single separators, and begins "
                    + "with a letter, such as create_users"
            )
        }
        let fields = try fields.map(SchemaField.init)
        let columns = fields.flatMap(\.columns)
        if let twice = columns.first(where: { name in columns.count { $0 == name } > 1 }) {
            throw GeneratorError("the column \(twice) is given twice")
        }
        var taken = existing.compactMap { path in
            path.split(separator: "/").last.flatMap {
                SchemaFileName(parsing: String($0).replacing(".swift", with: ".sql"))
            }
        }
        let day = String(Timestamp.format(date).prefix(10))
        let drafts = try Self.drafts(name, SchemaChange(name, fields), fields, dialect, hasTimestamps)
        var instant = date
        files = drafts.map { draft in
            while taken.contains(where: { $0.version == Self.version(instant) && $0.name != draft.name }) {
                instant += 1
            }
            let same = taken.first { $0.name == draft.name }
            let file = same ?? SchemaFileName(version: Self.version(instant), name: draft.name)
            taken.append(file)
            return GeneratedFile(
                path: "\(SchemaFolder.path)/\(file.fileName)",
                contents: draft.text(version: file.version, date: day)
            )
        }
    }

    private static func version(_ date: Date) -> String {
        String(Timestamp.format(date).filter(\.isNumber).prefix(14))
    }

    private static func drafts(
        _ name: String,
        _ change: SchemaChange,
        _ fields: [SchemaField],
        _ dialect: SchemaDialect,
        _ hasTimestamps: Bool
    ) throws -> [SchemaDraft] {
        switch change {
        case .createTable(let table):
            let create = SchemaDraft.createTable(table, fields, dialect, hasTimestamps: hasTimestamps)
            return [SchemaDraft(name: name, up: create, down: ["DROP TABLE \(SchemaDialect.quoted(table))"])]
        case .createJoinTable(let first, let second):
            let (table, create) = SchemaDraft.createJoinTable(first, second, dialect)
            return [SchemaDraft(name: name, up: create, down: ["DROP TABLE \(table)"])]
        case .dropTable(let table):
            var draft = SchemaDraft(name: name, up: ["DROP TABLE \(SchemaDialect.quoted(table))"], down: nil)
            if fields.isEmpty {
                draft.notes = ["There is no way back, since the columns are not known; give them behind the name."]
            } else {
                draft.down = SchemaDraft.createTable(table, fields, dialect, hasTimestamps: hasTimestamps)
            }
            return [draft]
        case .addColumns(let fields, let table): return try SchemaDraft.addColumns(name, fields, to: table, dialect)
        case .removeColumns(let fields, let table, let areTyped):
            return [try SchemaDraft.removeColumns(name, fields, from: table, areTyped: areTyped, dialect)]
        case .addIndex(let columns, let table, let isUnique):
            return [SchemaDraft.addIndex(name, SchemaIndex(table, columns, isUnique: isUnique), dialect)]
        case .renameColumn(let old, let new, let table):
            let (old, new) = (SchemaDialect.quoted(old), SchemaDialect.quoted(new))
            let alter = "ALTER TABLE \(SchemaDialect.quoted(table)) RENAME COLUMN"
            return [SchemaDraft(name: name, up: ["\(alter) \(old) TO \(new)"], down: ["\(alter) \(new) TO \(old)"])]
        case .renameTable(let old, let new):
            let (old, new) = (SchemaDialect.quoted(old), SchemaDialect.quoted(new))
            return [
                SchemaDraft(
                    name: name,
                    up: ["ALTER TABLE \(old) RENAME TO \(new)"],
                    down: ["ALTER TABLE \(new) RENAME TO \(old)"]
                )
            ]
        case .other:
            let column = ColumnType.text.sql(dialect)
            return [
                SchemaDraft(
                    name: name,
                    up: [
                        "-- The change, such as ALTER TABLE users ADD COLUMN nickname \(column), ended by a semicolon."
                    ],
                    down: [
                        "-- What takes it back, such as ALTER TABLE users DROP COLUMN nickname. Without a statement here, there is",
                        "-- no way back.",
                    ]
                )
            ]
        }
    }
}
