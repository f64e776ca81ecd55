import ArgumentParser
import DataMigrations
import Testing

@testable import AzuCommands

@Suite struct ParameterOptionsTests {
    private struct One: DataMigration {
        @Parameter var limit: Int
        @Parameter var oldestFirst = false
        func up(_ migration: MigrationContext) async throws {}
    }

    private struct Other: DataMigration {
        @Parameter var limit = 1
        func up(_ migration: MigrationContext) async throws {}
    }

    private let entries = [
        MigrationPlan.Entry(version: "1", name: "one", One.self),
        MigrationPlan.Entry(version: "2", name: "other", Other.self),
    ]

    private func values(_ assignments: String...) throws -> [String: [String: String]] {
        try ParameterOptions.parse(assignments.flatMap { ["--set", $0] }).values(for: entries)
    }

    @Test func aValueGoesToEachThatHasTheParameter() throws {
        #expect(try values().isEmpty)
        #expect(try values("limit=3") == ["1": ["limit": "3"], "2": ["limit": "3"]])
        #expect(try values("oldest-first=true") == ["1": ["oldest-first": "true"]])
        #expect(
            try values("limit=a=b", "oldestFirst=") == [
                "1": ["limit": "a=b", "oldestFirst": ""], "2": ["limit": "a=b"],
            ]
        )
    }

    @Test func aNameThatNobodyKnowsIsAnsweredWithThoseThatThereAre() {
        let error = #expect(throws: CommandFailure.self) { try values("most=3") }
        #expect(
            error?.message
                == "no data migration that this is about has a parameter most: one has limit, oldestFirst; other has limit"
        )
    }

    @Test(arguments: [["limit"], ["=3"], ["limit=1", "limit=2"]]) func whatIsNoAssignmentIsWrongUsage(_ words: [String])
    {
        let arguments = words.flatMap { ["--set", $0] }
        let error = #expect(throws: (any Error).self) { try ParameterOptions.parse(arguments) }
        #expect(error.map { ParameterOptions.exitCode(for: $0) } == .validationFailure)
    }
}
