import DataMigrations
import DataMigrationsTesting
import Testing

/// Tables of any size, sampled by batches of any size.
@Suite("A preview of any table") struct PreviewPropertyTests {
    /// A table, and how it is sampled.
    struct Case: CustomTestStringConvertible {
        var seed: UInt64
        var rows: Int
        var sample: Int

        init(seed: UInt64) {
            var random = SplitMix(state: seed)
            self.seed = seed
            let (some, many) = (Int.random(in: 2...50, using: &random), Int.random(in: 51...5_000, using: &random))
            rows = [0, 1, some, many][Int(seed % 4)]
            sample = Int.random(in: 1...1_000, using: &random)
        }

        var testDescription: String { "\(rows) rows by \(sample)" }
    }

    static let cases = (UInt64(1)...16).map(Case.init)

    struct Line: Model {
        static let table = "lines"
        var id: Int64
        var text: String?
        var length: Int?
    }

    struct Word: Model {
        static let table = "words"
        var id: Int64?
        var lineID: Int64
        var word: String
    }

    /// Counts the characters of a line; some lines are bad, and some are as they should be.
    struct Measure: RowMigration {
        var options: MigrationOptions { MigrationOptions(batchSize: .fixed(333), quarantineLimit: .max) }
        var rows: Query<Line> { Line.where("length IS NULL OR length >= 0") }
        func transform(_ line: inout Line) throws {
            if line.text?.hasPrefix("bad") == true { throw BadUser() }
            line.length = line.text?.count
        }
    }

    /// Takes lines apart; a word that is too long does not fit.
    struct Split: BatchMigration {
        var options: MigrationOptions { MigrationOptions(batchSize: .fixed(333), quarantineLimit: .max) }
        var rows: Query<Line> { Line.where("text IS NOT NULL") }
        func process(_ lines: [Line], _ batch: Batch) async throws {
            let words = lines.flatMap { line in
                (line.text ?? "").split(separator: " ").map { Word(lineID: line.id, word: String($0)) }
            }
            try await batch.insert(words, onConflict: .skip("line_id", "word"))
            try await batch.delete(lines.filter { $0.length == 0 })
        }
    }

    private func makeLines(_ example: Case, in database: TestDatabase) async throws {
        var random = SplitMix(state: example.seed &* 7_919)
        try await database.execute("CREATE TABLE lines (id INTEGER PRIMARY KEY, text TEXT, length INTEGER)")
        try await database.execute(
            """
            CREATE TABLE words (id INTEGER PRIMARY KEY, line_id INTEGER NOT NULL,
            word TEXT NOT NULL CHECK (length(word) < 8), UNIQUE (line_id, word))
            """
        )
        var lines: [Line] = []
        var id: Int64 = 0
        for _ in 0..<example.rows {
            id += Int64.random(in: 1...3, using: &random)
            let words = (0..<Int.random(in: 0...3, using: &random)).map { _ in
                ["bad", "a", "bb", "ccc", "dddd"].randomElement(using: &random) ?? ""
            }
            let isLong = Int.random(in: 0..<50, using: &random) == 0
            let text = (words + (isLong ? ["muchtoolong"] : [])).joined(separator: " ")
            let isNull = Int.random(in: 0..<10, using: &random) == 0
            let length: Int? = [nil, 0, text.count, 5].randomElement(using: &random) ?? nil
            lines.append(Line(id: id, text: isNull ? nil : text, length: length))
        }
        try await database.insert(lines)
    }

    @Test(arguments: cases) func aRowMigrationLeavesNothingAndSaysWhatARunDoes(_ example: Case) async throws {
        let database = try await TestDatabase()
        try await makeLines(example, in: database)
        let preview = try await database.previewLeavingNothing(Measure(), sample: example.sample, shownRows: 50_000)
        try await check(preview, example, Measure(), in: database)
    }

    @Test(arguments: cases) func aBatchMigrationLeavesNothingAndSaysWhatARunDoes(_ example: Case) async throws {
        let database = try await TestDatabase()
        try await makeLines(example, in: database)
        let preview = try await database.previewLeavingNothing(Split(), sample: example.sample, shownRows: 50_000)
        let total = try await database.number("SELECT count(*) FROM lines WHERE text IS NOT NULL")
        #expect(preview.sources.first?.rows == total)
        let before = try await database.number("SELECT count(*) FROM lines")
        try await check(preview, example, Split(), in: database)
        let deleted = preview.rows.count { $0.kind == .deleted }
        if total <= 5 * example.sample {
            #expect(try await database.number("SELECT count(*) FROM lines") == before - deleted)
        }
    }

    private func check(
        _ preview: Preview,
        _ example: Case,
        _ migration: some DataMigration,
        in database: TestDatabase
    ) async throws {
        #expect(preview.failure == nil)
        let rows = try #require(preview.sources.first?.rows)
        #expect(preview.hasWork == (rows > 0))
        #expect(preview.batches <= max(5, (rows + example.sample - 1) / example.sample))
        let report = try await database.run(migration)
        guard rows <= 5 * example.sample else {
            #expect(preview.counters.visited <= 5 * example.sample)
            #expect(preview.counters.visited <= rows)
            #expect(preview.counters.quarantined <= report.counters.quarantined)
            return
        }
        #expect(preview.counters == report.counters)
        #expect(preview.rows.count { $0.kind == .changed } == report.counters.changed)
        // The rows that were inserted have other keys where the batches were tried one by one.
        let wrong = try await database.notBorneOut(by: preview).filter { $0.kind != .inserted }
        #expect(wrong.isEmpty)
    }
}
