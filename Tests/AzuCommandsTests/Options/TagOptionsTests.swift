import ArgumentParser
import DataMigrations
import Testing

@testable import AzuCommands

@Suite struct TagOptionsTests {
    private struct Tagged: DataMigration {
        var tags: Set<String> = []
        func up(_ migration: MigrationContext) async throws {}
    }

    private let entries = [Set(["a"]), ["b"], ["a", "b"], []].enumerated().map { index, tags in
        MigrationPlan.Entry(version: "\(index)", name: "m\(index)") { Tagged(tags: tags) }
    }

    static let cases: [(arguments: [String], versions: [String])] = [
        ([], ["0", "1", "2", "3"]), (["--tag", "a"], ["0", "2"]), (["--tag", "a", "--tag", "b"], ["0", "1", "2"]),
        (["--skip-tag", "a"], ["1", "3"]), (["--skip-tag", "a", "--skip-tag", "b"], ["3"]),
        (["--tag", "a", "--skip-tag", "b"], ["0"]), (["--tag", "c"], []), (["--skip-tag", "c"], ["0", "1", "2", "3"]),
    ]

    @Test(arguments: cases.indices) func migrationsArePickedByTheirTags(_ index: Int) throws {
        let (arguments, versions) = Self.cases[index]
        #expect(try TagOptions.parse(arguments).select(entries, of: MigrationPlan(entries)).map(\.version) == versions)
    }
}
