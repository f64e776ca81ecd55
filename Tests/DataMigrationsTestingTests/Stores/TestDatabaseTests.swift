import DataMigrations
import Foundation
import Testing

@testable import DataMigrationsTesting

/// Databases of tests' own.
@Suite(.serialized) struct TestDatabaseTests {
    @Test(arguments: TestStore.tested) func twoTestsMeetNothingOfEachOther(_ store: TestStore) async throws {
        let schema = TestSchema.sql("CREATE TABLE things (name text); INSERT INTO things VALUES ('a;b')")
        try await withDatabase(store, schema: schema) { first in
            try await withDatabase(store, schema: schema) { second in
                try await second.execute("DELETE FROM things")
                #expect(try await first.lines("SELECT name FROM things") == ["a;b"])
                #expect(try await second.lines("SELECT name FROM things").isEmpty)
            }
        }
    }

    @Test(.enabled(if: TestStore.tested.count > 1)) func aSchemaIsGoneInTheEndWhateverHappens() async throws {
        struct Stop: Error {}
        let store = try #require(TestStore.tested.last)
        var name: String?
        await #expect(throws: Stop.self) {
            try await withDatabase(store, schema: .sql("CREATE TABLE things (name text)")) { database in
                name = try await database.lines("SELECT current_schema()").first
                #expect(name?.hasPrefix("azu_test_") == true)
                _ = try await database.snapshot()
                throw Stop()
            }
        }
        let gone = try #require(name)
        try await withDatabase(store) { database in
            let left = try await database.lines(
                "SELECT nspname FROM pg_namespace WHERE nspname LIKE \(gone + "%")"
            )
            #expect(left.isEmpty)
        }
    }

    @Test(arguments: TestStore.tested) func aMigrationIsRunPreviewedAndTakenBack(_ store: TestStore) async throws {
        try await withPeople(store, 3) { database in
            let before = try await database.people()
            let preview = try await database.preview(FillSlugs.self)
            #expect(preview.counters.changed == 2)
            #expect(try await database.people() == before)
            #expect(try await database.run(FillSlugs.self).status == .succeeded)
            #expect(try await database.people()[0] == "1 | ada 1 | ada 1-1")
            await #expect(throws: TestDatabaseError.self) { try await database.run(FillSlugs()) }
            #expect(try await database.rollback(FillSlugs.self).status == .rolledBack)
            #expect(try await database.people() == before)
        }
    }

    @Test func aDatabaseByHandIsSQLiteInMemory() async throws {
        let database = try await TestDatabase()
        #expect(database.store == .sqlite)
        #expect(try await database.lines("SELECT file FROM pragma_database_list") == [""])
        await database.close()
    }

    @Test func aServerThatIsNoneIsRefusedInOneLine() async throws {
        let error = await #expect(throws: TestDatabaseError.self) {
            try await withDatabase(.postgres("sqlite:shop.sqlite")) { _ in }
        }
        #expect(
            error?.description
                == "the server for tests is not PostgreSQL: its URL, that in AZU_TEST_DATABASE_URL unless the test gives "
                + "one, begins with postgresql://"
        )
    }

    @Test(
        "the schema comes first on the search path, whatever the URL says besides",
        arguments: [
            ("postgresql://a@b/c", "postgresql://a@b/c?options=-csearch_path%3Dx%2Cy%20-csynchronous_commit%3Doff"),
            (
                "postgresql://a:p?q@b/c?sslmode=disable",
                "postgresql://a:p?q@b/c?sslmode=disable&options=-csearch_path%3Dx%2Cy%20-csynchronous_commit%3Doff"
            ),
            (
                "postgresql:///c?options=-cgeqo%3Doff&schema=shop&host=/tmp",
                "postgresql:///c?host=/tmp&options=-cgeqo%3Doff%20-csearch_path%3Dx%2Cy%20-csynchronous_commit%3Doff"
            ),
            ("host=b dbname=c", "host=b dbname=c options='-csearch_path=x,y -csynchronous_commit=off'"),
        ]
    )
    func searchPath(url: String, expected: String) throws {
        #expect(try PostgresSchema.url(url, searchPath: ["x", "y"]) == expected)
    }

    @Test func aPoolerIsRefused() {
        #expect(throws: TestDatabaseError.self) {
            try PostgresSchema.url("postgresql://a@b/c?pooled=true", searchPath: ["x"])
        }
    }
}
