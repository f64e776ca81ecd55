import DataMigrations
import DataMigrationsTesting
import Testing

/// Expectations of migrations that keep them.
@Suite(.serialized) struct RightMigrationTests {
    @Test(arguments: TestStore.tested) func aBackfillKeepsThemAll(_ store: TestStore) async throws {
        try await withPeople(store) { database in
            let before = try await database.people()
            try await database.expectIdempotent(FillSlugs.self)
            try await database.expectResumable(FillSlugs.self)
            try await database.expectReversible(FillSlugs.self)
            try await database.expectBatchSizeIndependent(FillSlugs.self)
            try await database.expectNoLostUpdate(FillSlugs.self)
            #expect(try await database.people() == before)
            #expect(try await database.run(FillSlugs.self).counters.changed == 6)
        }
    }

    @Test(arguments: TestStore.tested) func aCopyKeepsThemAll(_ store: TestStore) async throws {
        try await withPeople(store) { database in
            try await database.expectIdempotent(CopyPeople.self)
            try await database.expectResumable(CopyPeople.self)
            try await database.expectReversible(CopyPeople.self)
            try await database.expectBatchSizeIndependent(CopyPeople.self)
            #expect(try await database.lines("SELECT * FROM copies").isEmpty)
        }
    }

    @Test(arguments: TestStore.tested) func aMoveKeepsThemAll(_ store: TestStore) async throws {
        try await withPeople(store) { database in
            try await database.expectIdempotent(RetirePeople.self)
            try await database.expectResumable(RetirePeople.self)
            try await database.expectReversible(RetirePeople.self)
            try await database.expectBatchSizeIndependent(RetirePeople.self)
            try await database.expectNoLostUpdate(RetirePeople.self)
            #expect(try await database.people().count == 7)
        }
    }

    @Test(arguments: TestStore.tested) func stepsByHandKeepThemAll(_ store: TestStore) async throws {
        try await withPeople(store) { database in
            try await database.expectResumable(FillByHand.self)
            try await database.expectReversible(FillByHand.self)
            try await database.expectBatchSizeIndependent(FillByHand.self)
            try await database.expectNoLostUpdate(FillByHand.self)
            #expect(try await database.lines("SELECT text FROM notes").isEmpty)
        }
    }

    @Test(arguments: TestStore.tested) func rowsThatArePutAsideAreNoHindrance(_ store: TestStore) async throws {
        try await withPeople(store) { database in
            try await database.expectIdempotent(FillMostSlugs.self)
            try await database.expectResumable(FillMostSlugs.self)
            try await database.expectReversible(FillMostSlugs.self)
            try await database.expectBatchSizeIndependent(FillMostSlugs.self)
            try await database.expectNoLostUpdate(FillMostSlugs.self)
        }
    }

    @Test(arguments: TestStore.tested) func theApplicationWritesWhatTheTestNames(_ store: TestStore) async throws {
        try await withPeople(store) { database in
            try await database.expectNoLostUpdate(FillSlugs.self, writing: ["people.name"])
            try await database.expectNoLostUpdate(FillSlugs.self, writing: ["people.slug"])
            let error = await #expect(throws: TestDatabaseError.self) {
                try await database.expectNoLostUpdate(FillSlugs.self, writing: ["people.nmae"])
            }
            #expect(error?.description == "writing: takes columns of people, as people.name; not people.nmae")
        }
    }

    @Test(arguments: TestStore.tested) func otherMigrationsMayHaveRunBefore(_ store: TestStore) async throws {
        try await withPeople(store) { database in
            try await database.run(CopyPeople.self)
            try await database.expectResumable(FillSlugs.self)
            try await database.expectReversible(FillSlugs.self)
            #expect(try await database.lines("SELECT name FROM data_migrations") == ["copy_people"])
            #expect(try await database.rollback(CopyPeople.self).status == .rolledBack)
        }
    }
}
