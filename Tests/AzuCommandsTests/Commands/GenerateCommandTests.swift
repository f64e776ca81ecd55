import ArgumentParser
import Foundation
import Testing

@testable import AzuCommands

@Suite struct GenerateCommandTests {
    @Test("both names of the generator are taken", arguments: ["data_migration", "data:migration"])
    func names(generator: String) throws {
        let command = try GenerateCommand.parse([generator, "backfill_user_slugs"])
        #expect(command.root == ".")
        #expect(!command.force)
    }

    @Test(
        "an unknown generator and a bad name are usage errors",
        arguments: [["model", "user"], ["data_migration", "9lives"], ["data_migration", ""], ["data_migration"]]
    )
    func usage(arguments: [String]) {
        let error = #expect(throws: (any Error).self) { try GenerateCommand.parse(arguments) }
        #expect(error.map { GenerateCommand.exitCode(for: $0) } == .validationFailure)
    }

    @Test("an unknown generator is answered with those that there are")
    func unknown() {
        let error = #expect(throws: (any Error).self) { try GenerateCommand.parse(["model", "user"]) }
        #expect(error.map { GenerateCommand.message(for: $0) }?.contains("there is data_migration") == true)
    }

    @Test("a migration that is there is an error, and is kept")
    func existing() throws {
        try TemporaryProject.with { project throws in
            let root = project.root.path(percentEncoded: false)
            let path = "db/data_migrations/20230101120000_data_cleanup.swift"
            try project.put("mine", at: path)
            var command = try GenerateCommand.parse(["data_migration", "cleanup", "--root", root])
            let error = #expect(throws: GeneratorError.self) { try command.run() }
            #expect(error?.description.hasPrefix("\(path) exists already; pass --force") == true)
            #expect(try project.text(path) == "mine")

            command = try GenerateCommand.parse(["data_migration", "cleanup", "--force", "--root", root])
            try command.run()
            #expect(try project.text(path).contains("struct Cleanup: DataMigration"))
        }
    }
}
