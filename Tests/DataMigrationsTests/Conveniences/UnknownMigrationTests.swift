import Testing

@testable import DataMigrations

/// Who mistypes a migration is told which one may be meant.
@Suite struct UnknownMigrationTests {
    private struct Nothing: DataMigration {
        func up(_ migration: MigrationContext) async throws {}
    }

    private let plan = MigrationPlan([
        .init(version: "20240101120000", name: "backfill_user_slugs", Nothing.self),
        .init(version: "20240202120000", name: "import_people", Nothing.self),
        .init(version: "20240303120000", name: "import_places", Nothing.self),
    ])

    static let mistakes: [(reference: String, hint: String)] = [
        ("backfil_user_slugs", "did you mean backfill_user_slugs?"),
        ("backfill_slugs", "did you mean backfill_user_slugs?"),
        ("user_slugs", "did you mean backfill_user_slugs?"),
        ("people_import", "did you mean import_people?"),
        ("import", "did you mean import_people or import_places?"),
        ("20240202120001", "did you mean 20240202120000?"),
        ("normalize_names", "azu db:data:status lists them"),
        ("", "azu db:data:status lists them"),
    ]

    @Test(arguments: mistakes.indices) func theNearestMigrationIsSuggested(_ index: Int) {
        let (reference, hint) = Self.mistakes[index]
        let error = #expect(throws: MigrationError.self) { try plan.entry(reference) }
        #expect(error?.code == .unknown)
        #expect(error?.description == "there is no data migration \(reference); \(hint)")
    }
}
