import DataMigrations
import DataMigrationsTesting
import Database
import Testing

/// Unique keys of several columns, of several types.
@Suite(.enabled(if: TestServer.isThere), .serialized)
struct UniqueKeyTests {
    struct Page: Model {
        var id: Int64
        var site: Int64
        var path: String
    }

    struct Lowercase: RowMigration {
        var batchSize = 40
        var options: MigrationOptions { MigrationOptions(batchSize: .fixed(batchSize)) }
        var rows: Query<Page> { Page.all }
        func transform(_ page: inout Page) { page.path = page.path.lowercased() }
        func resolve(_ conflict: UniqueConflict, for page: inout Page) { page.path += "-\(page.id)" }
    }

    private static func pages(_ batchSize: Int, in database: any DatabaseConnection) async throws -> [[String?]] {
        try await database.execute(
            """
            CREATE TABLE pages (id BIGINT NOT NULL PRIMARY KEY, site BIGINT NOT NULL, path TEXT NOT NULL,
            UNIQUE (site, path))
            """
        )
        var random = SplitMix(state: 11)
        var seen: Set<[Value]> = []
        var values: [Value] = []
        for id in Int64(1)...400 {
            let site = Int64.random(in: 1...5, using: &random)
            let letters = ["a", "A", "b", "B"].shuffled(using: &random).prefix(3).joined()
            let page: [Value] = [.integer(site), .text("/\(letters)\(Int.random(in: 0..<3, using: &random))")]
            guard seen.insert(page).inserted else { continue }
            values.append(.integer(id))
            values += page
        }
        try await database.run([.insert(BulkInsert(into: "pages", columns: ["id", "site", "path"], values: values))])
        let report = try await Runner(database).migrate(entry(Lowercase(batchSize: batchSize)))
        #expect(report?.status == .succeeded)
        return try await database.texts("SELECT id, site, path FROM pages ORDER BY id")
    }

    @Test(arguments: [1, 40, 1_000])
    func conflictsAreResolvedAsOnSQLite(batchSize: Int) async throws {
        let sqlite = try await TestDatabase()
        let expected = try await Self.pages(batchSize, in: sqlite.connection)
        #expect(expected.contains { $0[2]?.contains("-") ?? false }, "there are conflicts")
        try await TestServer.withConnection { postgres in
            let pages = try await Self.pages(batchSize, in: postgres)
            #expect(pages == expected)
        }
    }
}
