import DataMigrations
import DataMigrationsTesting
import Foundation
import Testing

/// What holds for all expectations.
@Suite(.serialized) struct ExpectationTests {
    @Test func issuesAreShownWhereTheTestCallsTheExpectation() async throws {
        try await withPeople(.sqlite, 2) { database in
            let line = #line + 1
            let found = try await complaints { try await database.expectIdempotent(Shout.self) }
            #expect(found.map(\.line) == [line])
            #expect(found.map(\.file) == ["ExpectationTests.swift"])
        }
    }

    @Test(arguments: TestStore.tested) func aMigrationThatFindsNothingToDoIsAnIssue(_ store: TestStore) async throws {
        try await withPeople(store, 0) { database in
            let text = try await complaint {
                try await database.expectIdempotent(FillSlugs.self)
                try await database.expectResumable(FillSlugs.self)
                try await database.expectReversible(FillSlugs.self)
                try await database.expectBatchSizeIndependent(FillSlugs.self)
                try await database.expectNoLostUpdate(FillSlugs.self)
            }
            let line = """
                FillSlugs changed nothing (it visited 0 rows), so nothing was tested; insert rows that it changes before
                """
            #expect(text.split(separator: "\n").map(String.init) == Array(repeating: line, count: 5))
        }
    }

    @Test(arguments: TestStore.tested) func columnsThatMayDifferAreLeftOut(_ store: TestStore) async throws {
        try await withPeople(store, 4) { database in
            let text = try await complaint { try await database.expectBatchSizeIndependent(Stamp.self) }
            #expect(text.hasPrefix("Stamp depends on the size of batches: in batches of 1, 3 rows differ\n"))
            try await database.expectBatchSizeIndependent(CopyAgain.self, ignoring: ["formers.name"])
            try await database.expectBatchSizeIndependent(CopyAgain.self, ignoring: ["*.name"])
        }
    }

    /// Copies people with something else each time.
    struct CopyAgain: BatchMigration {
        var rows: Query<Person> { Person.all }

        func process(_ people: [Person], _ batch: Batch) async throws {
            try await batch.insert(people.map { Former(personID: $0.id, name: UUID().uuidString) })
        }
    }

    @Test func aNameToLeaveOutThatIsNoneIsRefused() async throws {
        try await withPeople(.sqlite) { database in
            let error = await #expect(throws: TestDatabaseError.self) {
                try await database.expectReversible(FillSlugs.self, ignoring: ["people.name", "people.updated"])
            }
            #expect(
                error?.description == "ignoring: the database has no people.updated; name a column as users.updated_at "
                    + "or *.updated_at, or a table"
            )
        }
    }

    @Test func aCopyThatLosesNoRowHasNoUpdateToLose() async throws {
        try await withPeople(.sqlite) { database in
            let text = try await complaint { try await database.expectNoLostUpdate(CopyPeople.self) }
            #expect(text.hasPrefix("CopyPeople changes and deletes no row that has a key, so no update can be lost; "))
        }
    }

    @Test(arguments: TestStore.tested) func aMigrationThatFailsThrows(_ store: TestStore) async throws {
        struct Broken: DataMigration {
            func up(_ migration: MigrationContext) async throws {
                try await migration.step("one") { try await $0.execute("UPDATE people SET slug = 'x'") }
                try await migration.step("two") { try await $0.execute("UPDATE nobody SET slug = 'x'") }
            }
        }
        try await withPeople(store) { database in
            let before = try await database.people()
            await #expect(throws: MigrationError.self) { try await database.expectResumable(Broken.self) }
            #expect(try await database.people() == before)
        }
    }

    @Test func anImportReadsFilesBelowTheRoot() async throws {
        let root = FileManager.default.temporaryDirectory.appending(path: "azu-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: root) }
        try Data("id,name\n1,Ada\n2,Grace\n3,Joan\n".utf8).write(to: root.appending(path: "people.csv"))
        struct Import: BatchMigration {
            struct Record: Decodable, Sendable {
                var id: Int64
                var name: String
            }
            var rows: CSVFile<Record> { CSVFile("people.csv") }
            func process(_ records: [Record], _ batch: Batch) async throws {
                try await batch.insert(records.map { Former(personID: $0.id, name: $0.name) })
            }
        }
        for store in TestStore.tested {
            try await withPeople(store, 1) { database in
                var database = database
                database.root = root
                try await database.expectResumable(Import.self)
                try await database.expectReversible(Import.self)
                try await database.expectBatchSizeIndependent(Import.self)
                #expect(try await database.run(Import.self).counters.inserted == 3)
            }
        }
    }
}
