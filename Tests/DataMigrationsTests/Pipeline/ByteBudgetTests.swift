import DataMigrations
import DataMigrationsTesting
import Testing

@Suite struct ByteBudgetTests {
    struct Document: Model {
        var id: Int64
        var body: String
        var checked: Bool
    }

    struct Check: RowMigration {
        var options: MigrationOptions { MigrationOptions(batchSize: .fixed(1_000)) }
        var rows: Query<Document> { Document.where("checked = 0") }
        func transform(_ document: inout Document) { document.checked = true }
    }

    @Test func largeRowsMakeSmallBatches() async throws {
        let database = try await TestDatabase()
        try await database.execute("CREATE TABLE documents (id INTEGER PRIMARY KEY, body TEXT, checked INTEGER)")
        try await database.execute(
            """
            INSERT INTO documents WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)
            SELECT i, hex(zeroblob(500000)), 0 FROM n
            """
        )
        let recorder = Recorder()
        _ = try await database.runner(observer: recorder).migrate(entry(Check()))
        #expect(recorder.batchSizes.count >= 12)
        #expect(recorder.batchSizes.allSatisfy { $0 <= 5 })
        #expect(try await database.number("SELECT count(*) FROM documents WHERE checked = 1") == 60)
    }
}
