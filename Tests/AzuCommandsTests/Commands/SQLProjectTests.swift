import ArgumentParser
import DataMigrations
import Foundation
import Testing

@testable import AzuCommands

@Suite struct SQLProjectTests {
    private func plan(_ project: TemporaryProject, _ command: String = "db:data:status") throws -> MigrationPlan? {
        let root = project.root.path(percentEncoded: false)
        return try ProjectHandover(arguments: [command, "--root", root]).becomeProject()
    }

    @Test("a project without a package is set up, and its first migration is one that azu finds")
    func setUp() throws {
        try TemporaryProject.with { project throws in
            let root = project.root.path(percentEncoded: false)
            try InitCommand.parse(["--sql", "--root", root]).run()
            #expect(!project.writer().exists("Package.swift"))
            #expect(!project.writer().exists("db/models"))
            #expect(try project.text(".env").contains("DATABASE_URL=sqlite:db/data/development.sqlite"))
            #expect(try project.text(".gitignore").contains(".env"))
            #expect(try project.text("README.md").contains("azu db:data:migrate"))
            #expect(try plan(project)?.entries.isEmpty == true)

            try GenerateCommand.parse(["data_migration", "backfill_user_slugs", "--sql", "--root", root]).run()
            #expect(!project.writer().exists("Tests"))
            #expect(try plan(project)?.entries.map(\.name) == ["backfill_user_slugs"])
            #expect(try plan(project)?.entries.first?.source?.sha256.count == 64)
        }
    }

    @Test("what is there stays, and a package is no place for --sql")
    func existing() throws {
        try TemporaryProject.with { project throws in
            let root = project.root.path(percentEncoded: false)
            try project.put("mine", at: "README.md")
            try InitCommand.parse(["--sql", "--root", root]).run()
            #expect(try project.text("README.md") == "mine")
            try project.put(PackageManifest.marker + "\n", at: "Package.swift")
            #expect(throws: GeneratorError.self) { try InitCommand.parse(["--sql", "--root", root]).run() }
        }
    }

    @Test("without a project, and with Swift but no package, the command says what to do")
    func refusals() throws {
        try TemporaryProject.with { project throws in
            let nothing = #expect(throws: CommandFailure.self) { try plan(project) }
            #expect(nothing?.message.contains("azu init") == true)
            try project.put("", at: "db/data_migrations/20240101120000_data_a.swift")
            let swift = #expect(throws: CommandFailure.self) { try plan(project) }
            #expect(swift?.message.hasPrefix("db/data_migrations/20240101120000_data_a.swift is in Swift") == true)
            #expect(try plan(project, "generate") == nil)
        }
    }

    @Test("tags and parameters of files are those of the commands")
    func headers() throws {
        try TemporaryProject.with { project throws in
            let header = "-- azu:tags slow\n-- azu:param cutoff date\n"
            try project.put(header + "SELECT {cutoff}", at: "db/data_migrations/20240101120000_data_a.sql")
            try project.put("SELECT 1", at: "db/data_migrations/20240102120000_data_b.sql")
            let plan = try #require(try plan(project))
            let (with, without) = (
                try TagOptions.parse(["--tag", "slow"]), try TagOptions.parse(["--skip-tag", "slow"])
            )
            #expect(with.select(plan.entries, of: plan).map(\.name) == ["a"])
            #expect(without.select(plan.entries, of: plan).map(\.name) == ["b"])
            let given = try ParameterOptions.parse(["--set", "cutoff=2024-01-31"])
            #expect(try given.values(for: plan.entries) == ["20240101120000": ["cutoff": "2024-01-31"]])
        }
    }

    @Test("a file that can't be read is told with its line and column")
    func broken() throws {
        try TemporaryProject.with { project throws in
            try project.put("\n-- azu:tabel a\nSELECT 1", at: "db/data_migrations/20240101120000_data_a.sql")
            let error = #expect(throws: (any Error).self) { try plan(project) }
            let text = error.map { String(describing: $0) } ?? ""
            #expect(text.hasPrefix("db/data_migrations/20240101120000_data_a.sql:2:1: there is no line azu:tabel"))
        }
    }
}
