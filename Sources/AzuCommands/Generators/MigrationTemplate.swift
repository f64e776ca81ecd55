import MigrationNaming

/// What a new data migration starts from.
///
/// Whatever the name, it compiles as it is, and so does its test, which passes. A migration declares models of its own: it must do the same thing next year, when the application's models have
/// changed.
protocol MigrationTemplate {
    /// What the migration does, for its header.
    var purpose: String { get }
    /// The code behind the header.
    var migration: String { get }
    /// The modules that the code imports besides `DataMigrations`.
    var imports: [String] { get }
    /// Whether the author's `down` undoes it.
    var hasDown: Bool { get }
    /// The body of the test's suite.
    var test: String { get }
    /// The modules that the test imports besides those of every test.
    var testImports: [String] { get }
    /// Files that the migration reads.
    var samples: [GeneratedFile] { get }
}

extension MigrationTemplate {
    var imports: [String] { [] }
    var hasDown: Bool { false }
    var testImports: [String] { [] }
    var samples: [GeneratedFile] { [] }

    /// What stands over each nested model.
    static var modelComment: String {
        "A model of this migration's own, so that it does not change with the application's."
    }

    /// What is expected of a migration that moves rows.
    static var promisesOfMoves: [String] {
        ["expectIdempotent", "expectResumable", "expectReversible", "expectBatchSizeIndependent"]
    }

    /// What is expected of one that changes rows in place, which an application may be writing.
    static var promisesOfChanges: [String] { promisesOfMoves + ["expectNoLostUpdate"] }

    /// A test of what azu promises of a migration.
    ///
    /// - Parameters:
    ///   - type: the migration.
    ///   - database: what makes the test's database.
    ///   - names: the functions of `TestDatabase` that expect it.
    /// - Returns: the test, as it stands in a suite.
    static func promises(of type: String, in database: String = "try await database()", _ names: [String]) -> String {
        let calls = names.map { "        try await database.\($0)(\(type).self)" }
        return """
                /// Each of these runs the migration several times, compares what it leaves, and puts the rows back.
                @Test func keepsItsPromises() async throws {
                    let database = \(database)

            \(calls.joined(separator: "\n"))
                }
            """
    }
}

/// Picks the template by the migration's name.
func migrationTemplate(for file: MigrationFileName) -> any MigrationTemplate {
    let words = file.name.split(separator: "_").map(String.init)
    let (verb, rest) = (words[0], Array(words.dropFirst()))
    switch verb {
    case _ where rest.isEmpty: break
    case "backfill": return BackfillTemplate(type: file.typeName, column: GuessedColumn(rest))
    case "normalize": return NormalizeTemplate(type: file.typeName, column: GuessedColumn(rest))
    case "import": return ImportTemplate(type: file.typeName, words: rest)
    case "archive": return ArchiveTemplate(type: file.typeName, table: .withoutAdjectives(rest))
    case "seed": return SeedTemplate(type: file.typeName, table: .withoutAdjectives(rest))
    case "migrate":
        if let to = rest.indices.dropFirst().dropLast().first(where: { rest[$0] == "to" }) {
            let (old, new) = (GuessedTable(Array(rest[..<to])), GuessedTable(Array(rest[(to + 1)...])))
            if old.model != new.model { return MoveTemplate(type: file.typeName, old: old, new: new) }
        }
    default: break
    }
    return UpDownTemplate(type: file.typeName, column: GuessedColumn(rest.isEmpty ? ["record"] : rest))
}
