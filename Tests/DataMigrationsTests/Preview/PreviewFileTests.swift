import DataMigrations
import DataMigrationsTesting
import Testing

/// A file is tried from its begin: there is no way to its middle.
@Suite("A preview of an import") struct PreviewFileTests {
    struct Line: Decodable, Sendable {
        var number: Int
        var name: String
    }

    struct Person: Model {
        static let table = "persons"
        var id: Int64?
        var number: Int
        var name: String
    }

    struct Import: BatchMigration {
        var path = ""
        var options: MigrationOptions { MigrationOptions(batchSize: .fixed(40)) }
        var rows: CSVFile<Line> { CSVFile(path) }
        func process(_ lines: [Line], _ batch: Batch) async throws {
            try await batch.insert(lines.map { Person(number: $0.number, name: $0.name) })
        }
    }

    private func makePersons(in database: TestDatabase) async throws {
        try await database.execute(
            """
            CREATE TABLE persons (id INTEGER PRIMARY KEY, number INTEGER NOT NULL UNIQUE,
            name TEXT NOT NULL CHECK (name <> 'refused'))
            """
        )
    }

    private func file(_ count: Int, _ change: (Int) -> String? = { _ in nil }) throws -> TemporaryFile {
        let lines = (0..<count).map { change($0 + 1) ?? "\($0 + 1),person \($0 + 1)" }
        return try TemporaryFile((["number,name"] + lines).joined(separator: "\n") + "\n", name: "persons.csv")
    }

    @Test func takesAShortFileWholeAndSaysWhatARunDoes() async throws {
        let database = try await TestDatabase()
        try await makePersons(in: database)
        let file = try file(100)
        let preview = try await database.previewLeavingNothing(Import(path: file.path), shownRows: 100)
        #expect(preview.failure == nil)
        #expect(preview.hasWork)
        #expect(preview.sources.map(\.label) == [file.path])
        #expect(preview.sources[0].rows == 100)
        #expect(preview.sources[0].isExact)
        #expect((preview.sources[0].bytes ?? 0) > 1_000)
        #expect(preview.notes.isEmpty)
        #expect(preview.counters.inserted == 100)
        #expect(preview.shownKinds == ["persons inserted": 100])
        let report = try await database.run(Import(path: file.path))
        #expect(report.counters == preview.counters)
        #expect(try await database.notBorneOut(by: preview).isEmpty)
    }

    @Test func takesTheFirstBatchesOfALongOneAndSaysSo() async throws {
        let database = try await TestDatabase()
        try await makePersons(in: database)
        let file = try file(1_000)
        let preview = try await database.previewLeavingNothing(Import(path: file.path), sample: 50)
        #expect(preview.batches == 3)
        #expect(preview.counters.inserted == 150)
        #expect(preview.notes == ["\(file.path) is read from its start, so only its first batches were tried"])
        #expect(!preview.sources[0].isExact)
        // The first lines are a little shorter than the last ones.
        let rows = try #require(preview.sources[0].rows)
        #expect((900...1_300).contains(rows))
        #expect(preview.seconds != nil)
    }

    @Test func countsAndListsMalformedLinesAndRowsThatDoNotFit() async throws {
        let database = try await TestDatabase()
        try await makePersons(in: database)
        try await database.execute("INSERT INTO persons (number, name) VALUES (30, 'there')")
        let file = try file(100) { number in
            switch number {
            case 7: "7"
            case 9: "nine,person"
            case 20: "20,refused"
            default: nil
            }
        }
        let preview = try await database.previewLeavingNothing(Import(path: file.path), shownRows: 200)
        #expect(preview.failure == nil)
        #expect(preview.counters.quarantined == 4)
        #expect(preview.quarantined.map(\.locator).sorted() == ["line 10", "line 21", "line 31", "line 8"])
        #expect(preview.counters.inserted == 96)
        let report = try await database.run(Import(path: file.path))
        #expect(report.counters == preview.counters)
        let found = try await database.texts(
            "SELECT locator, original, error FROM data_migration_quarantine ORDER BY 1"
        )
        let told: [[String?]] = preview.quarantined.sorted { $0.locator < $1.locator }
            .map { [$0.locator, $0.original, $0.error] }
        #expect(found == told)
        #expect(try await database.notBorneOut(by: preview).isEmpty)
    }

    @Test func hasNothingToDoForAFileWithoutRows() async throws {
        let database = try await TestDatabase()
        try await makePersons(in: database)
        let file = try file(0)
        let preview = try await database.previewLeavingNothing(Import(path: file.path))
        #expect(preview.failure == nil)
        #expect(!preview.hasWork)
        #expect(preview.sources[0].rows == 0)
        #expect(preview.batches == 0)
    }

    @Test func failsForAFileThatIsNotThereOrIsAnother() async throws {
        let database = try await TestDatabase()
        try await makePersons(in: database)
        let missing = try await database.previewLeavingNothing(Import(path: "/nowhere/persons.csv"))
        #expect(missing.failure?.contains("/nowhere/persons.csv") == true)
        #expect(!missing.hasWork)
        let other = try TemporaryFile("a,b\n1,2\n", name: "other.csv")
        #expect(try await database.previewLeavingNothing(Import(path: other.path)).failure?.contains("number") == true)
    }

    @Test func aFileThatCanNotBeReadEndsNoTransactionOfAMigrationByHand() async throws {
        let database = try await TestDatabase()
        try await makePersons(in: database)
        let file = try TemporaryFile("a,b\n1,2\n", name: "other.csv")
        let path = file.path
        let migration = ByHand { migration in
            try await migration.connection.execute("INSERT INTO persons (number, name) VALUES (1, 'before')")
            for path in [path, "/nowhere/persons.csv"] {
                do {
                    try await migration.inBatches(CSVFile<Line>(path), step: "import") { _, _ in }
                    Issue.record("it can be read")
                } catch is DatabaseError {
                    Issue.record("no database is at fault")
                } catch {}
            }
            try await migration.connection.execute("INSERT INTO persons (number, name) VALUES (2, 'behind')")
        }
        let preview = try await database.previewLeavingNothing(migration)
        #expect(preview.failure == nil)
        #expect(file.path == path)
    }

    struct Numbers: BatchMigration {
        var source = RowSourceTests.Numbers(count: 0, starts: RowSourceTests.Starts())
        var rows: RowSourceTests.Numbers { source }
        func process(_ numbers: [Int], _ batch: Batch) async throws {
            try await batch.insert(numbers.map { Person(number: $0, name: "n") })
        }
    }

    @Test(arguments: [0, 15, 95]) func takesTheFirstRowsOfASourceOfTheAuthorsOwn(count: Int) async throws {
        let database = try await TestDatabase()
        try await makePersons(in: database)
        let migration = Numbers(source: RowSourceTests.Numbers(count: count, starts: RowSourceTests.Starts()))
        let preview = try await database.previewLeavingNothing(migration, sample: 10)
        #expect(preview.failure == nil)
        #expect(preview.hasWork == (count > 0))
        #expect(preview.counters.inserted == min(30, count))
        #expect(preview.sources[0].rows == (count < 20 ? count : nil))
        #expect(preview.sources[0].bytes == nil)
    }
}
