import DataMigrations
import DataMigrationsTesting
import Testing

/// Expectations of migrations that don't keep them: what is said, and of which rows.
@Suite(.serialized) struct WrongMigrationTests {
    @Test(arguments: TestStore.tested) func aSecondRunThatChangesRowsIsNotIdempotent(_ store: TestStore) async throws {
        try await withPeople(store, 2) { database in
            let before = try await database.people()
            let text = try await complaint { try await database.expectIdempotent(Shout.self) }
            #expect(
                text == """
                    Shout is not idempotent: run again, it changes 2 rows
                      (after the first run → after the second)
                      people id=1  name: 'ada 1!' → 'ada 1!!'
                      people id=2  name: 'ada 2!' → 'ada 2!!'
                    """
            )
            #expect(try await database.people() == before)
        }
    }

    @Test(arguments: TestStore.tested) func aSecondRunThatInsertsRowsIsNotIdempotent(_ store: TestStore) async throws {
        try await withPeople(store, 30) { database in
            let text = try await complaint { try await database.expectIdempotent(CopyBlindly.self) }
            #expect(text.hasPrefix("CopyBlindly is not idempotent: run again, it changes 30 rows\n"))
            #expect(text.contains("\n  formers id=31  only after the second: person_id=1, name='ada 1'\n"))
            #expect(text.hasSuffix("\n  … and 10 more"))
        }
    }

    @Test(arguments: TestStore.tested) func whatIsWrittenBesideStepsIsNotResumable(_ store: TestStore) async throws {
        try await withPeople(store, 3) { database in
            let found = try await complaints { try await database.expectResumable(NoteTwice.self) }
            let text = found.map(\.text).joined()
            #expect(found.count == 1)
            #expect(text.hasPrefix("NoteTwice is not resumable: interrupted before its "))
            #expect(text.contains(" COMMIT and resumed, it leaves 1 row other than left alone\n"))
            #expect(text.hasSuffix(", and resumed: text='begun'"))
            #expect(try await database.lines("SELECT text FROM notes").isEmpty)
        }
    }

    @Test(arguments: TestStore.tested) func aDownThatTakesTooMuchBackIsNotReversible(_ store: TestStore) async throws {
        try await withPeople(store) { database in
            let text = try await complaint { try await database.expectReversible(ForgetSlugs.self) }
            #expect(
                text == """
                    ForgetSlugs is not reversible: the rollback leaves 1 row other than before
                      (before → after the rollback)
                      people id=2  slug: 'kept' → NULL
                    """
            )
            #expect(try await database.people()[1] == "2 | ada 2 | kept")
        }
    }

    @Test(arguments: TestStore.tested) func whatHasNoWayBackIsNotReversible(_ store: TestStore) async throws {
        try await withPeople(store) { database in
            let text = try await complaint { try await database.expectReversible(BurnBridges.self) }
            #expect(text.hasPrefix("BurnBridges is not reversible: the rollback fails: "))
        }
    }

    @Test(arguments: TestStore.tested) func placesInABatchDependOnItsSize(_ store: TestStore) async throws {
        try await withPeople(store, 3) { database in
            let text = try await complaint { try await database.expectBatchSizeIndependent(NumberInBatch.self) }
            #expect(
                text == """
                    NumberInBatch depends on the size of batches: in batches of 1, 2 rows differ
                      (in batches of 1000 → in batches of 1)
                      copies id=2  place: 1 → 0
                      copies id=3  place: 2 → 0
                    """
            )
        }
    }

    @Test(arguments: TestStore.tested) func rowsPutAsideMayDependOnTheSizeToo(_ store: TestStore) async throws {
        try await withPeople(store, 7) { database in
            let text = try await complaint { try await database.expectBatchSizeIndependent(RefuseLargeBatches.self) }
            #expect(text.contains("in batches of 1, it puts 0 rows aside, and 2 in batches of 1000"))
        }
    }

    @Test(arguments: TestStore.tested) func rowsThatAreReadTooEarlyLoseUpdates(_ store: TestStore) async throws {
        try await withPeople(store, 3) { database in
            let before = try await database.people()
            let text = try await complaint { try await database.expectNoLostUpdate(WriteStale.self) }
            #expect(
                text == """
                    WriteStale loses updates: an application wrote people.name while it ran, and 2 rows hold neither \
                    what a write before the run leaves nor one behind it
                      (expected → found)
                      people id=1  name: 'ada 1~1' → 'ada 1'
                      people id=3  name: 'ada 3~2' → 'ada 3'
                    """
            )
            #expect(try await database.people() == before)
        }
    }

    @Test(arguments: TestStore.tested) func rowsThatAreMovedTooLateLoseUpdates(_ store: TestStore) async throws {
        try await withPeople(store, 3) { database in
            let text = try await complaint { try await database.expectNoLostUpdate(RetireStale.self) }
            #expect(text.hasPrefix("RetireStale loses updates: an application wrote people.name while it ran, and "))
            #expect(text.contains("\n  formers  only found: person_id=1, name='ada 1'"))
            #expect(text.contains("\n  formers  only expected: person_id=1, name='ada 1~1'"))
        }
    }
}
