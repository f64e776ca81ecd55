import DataMigrations
import Database
import Foundation
import TestSupport
import Testing

/// What Swift takes for the same value, and a database does not.
@Suite(.serialized) struct ExactnessTests {
    struct Word: Model {
        static let primaryKey = ["word"]
        var word: String
        var spelling: String?
    }

    /// Brings texts into one spelling, as migrations do.
    struct Normalize: BatchMigration {
        var options: MigrationOptions { MigrationOptions(batchSize: .fixed(4)) }
        var rows: Query<Word> { Word.all }

        func process(_ words: [Word], _ batch: Batch) async throws {
            try await batch.update(
                words.map { Word(word: $0.word, spelling: $0.spelling?.precomposedStringWithCanonicalMapping) }
            )
        }
    }

    struct NormalizeRows: RowMigration {
        var options: MigrationOptions { MigrationOptions(batchSize: .fixed(4)) }
        var rows: Query<Word> { Word.all }
        func transform(_ word: inout Word) { word.spelling = word.spelling?.precomposedStringWithCanonicalMapping }
    }

    struct DeleteWords: BatchMigration {
        var options: MigrationOptions { MigrationOptions(batchSize: .fixed(4)) }
        var rows: Query<Word> { Word.all }
        func process(_ words: [Word], _ batch: Batch) async throws { try await batch.delete(words) }
    }

    private static let migrations: [any DataMigration] = [Normalize(), NormalizeRows(), DeleteWords()]

    /// Words whose keys, in pairs, are one word to Swift and two to a database.
    private func makeWords(_ connection: any DatabaseConnection) async throws {
        try await connection.execute("CREATE TABLE words (word TEXT NOT NULL PRIMARY KEY, spelling TEXT)")
        for number in 1...10 {
            for letter in ["\u{e9}", "e\u{301}"] {
                let spelling = "e\u{301}tude \(number) as \(letter.unicodeScalars.count)"
                try await connection.execute("INSERT INTO words VALUES (\("\(letter)\(number)"), \(spelling))")
            }
        }
    }

    @Test(arguments: Store.all, migrations.indices)
    func spellingsOfALetterAreToldApart(_ store: Store, _ index: Int) async throws {
        try await store.with { connection in
            try await makeWords(connection)
            let before = try await Snapshot(connection)
            let migration = entry(Self.migrations[index])
            _ = try await connection.runner().migrate(migration)
            #expect(try await Snapshot(connection) != before)
            let plan = try await connection.runner().rollbackPlan(of: migration)
            #expect(plan.rows == 20)
            #expect(plan.conflictCount == 0)
            _ = try await connection.runner().rollback(migration)
            try await connection.expectRolledBack(to: before)
        }
    }

    @Test(arguments: Store.all) func anotherSpellingIsAnotherText(_ store: Store) async throws {
        try await store.with { connection in
            try await makeWords(connection)
            let migration = entry(Normalize())
            _ = try await connection.runner().migrate(migration)
            let (mine, key) = ("e\u{301}tude 3 as 1", "\u{e9}3")
            try await connection.execute("UPDATE words SET spelling = \(mine) WHERE word = \(key)")
            let plan = try await connection.runner().rollbackPlan(of: migration)
            // It is what it was before the migration.
            #expect(plan.conflictCount == 0)
            try await connection.execute("UPDATE words SET spelling = \(mine + "\u{e9}") WHERE word = \(key)")
            _ = try await connection.runner().rollback(migration, onConflict: .skip)
            let left = try await connection.renderedRows(of: "words").filter { $0.contains("as 1\\u{e9}") }
            #expect(left.count == 1)
            #expect(try await connection.number("SELECT count(*) FROM data_migration_quarantine") == 1)
        }
    }

    struct Reading: Model {
        var id: Int64
        var ratio: Double?
        var moment: Date?
    }

    /// Writes far instants and a zero with a sign, with a statement of its own and by the models.
    struct Round: DataMigration {
        var isByModel = false

        init() {}
        init(isByModel: Bool) { self.isByModel = isByModel }

        func up(_ migration: MigrationContext) async throws {
            let isByModel = isByModel
            try await migration.step("round") { batch in
                if isByModel {
                    let readings = try await batch.fetch(Reading.all)
                    try await batch.update(readings.map { Reading(id: $0.id, ratio: 0, moment: $0.moment?.days(-1)) })
                } else {
                    try await Reading.all.updateAll(
                        "ratio = abs(ratio), moment = moment + interval '3 microseconds'",
                        in: batch
                    )
                }
            }
        }
    }

    /// The same by a row migration.
    struct RoundRows: RowMigration {
        var rows: Query<Reading> { Reading.all }
        func transform(_ reading: inout Reading) {
            reading.ratio = 1
            reading.moment = reading.moment?.days(-1)
        }
    }

    private static let roundings: [any DataMigration] = [Round(isByModel: false), Round(isByModel: true), RoundRows()]

    @Test(.enabled(if: Store.all.contains(.postgres)), arguments: roundings.indices)
    func farInstantsAndZerosWithASignComeBackToTheByte(_ index: Int) async throws {
        try await Store.postgres.with { connection in
            try await connection.execute(
                "CREATE TABLE readings (id bigint PRIMARY KEY, ratio float8, moment timestamptz)"
            )
            try await connection.execute(
                """
                INSERT INTO readings VALUES (1, '-0', '9999-12-31 23:59:59.999999+00'),
                (2, '-0', '1700-03-01 00:00:00.000001+00'), (3, '-0', '2024-02-29 12:34:56.789012+00'),
                (4, '0', '0044-03-15 12:00:00.123457+00'), (5, 'NaN', NULL), (6, '-Infinity', '1864-12-31 01:02:03.4+00')
                """
            )
            let before = try await Snapshot(connection)
            let migration = entry(Self.roundings[index])
            _ = try await connection.runner().migrate(migration)
            #expect(try await Snapshot(connection) != before)
            #expect(try await connection.runner().rollbackPlan(of: migration).conflictCount == 0)
            _ = try await connection.runner().rollback(migration)
            try await connection.expectRolledBack(to: before)
        }
    }
}
