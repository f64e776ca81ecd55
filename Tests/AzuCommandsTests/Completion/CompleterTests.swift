import DataMigrations
import Foundation
import Testing

@testable import AzuCommands

@Suite struct CompleterTests {
    private struct Nothing: DataMigration {
        func up(_ migration: MigrationContext) async throws {}
    }

    private let plan = MigrationPlan([
        .init(version: "20240101120000", name: "backfill_slugs", Nothing.self),
        .init(version: "20240102120000", name: "import_people", Nothing.self),
    ])

    private func complete(_ words: String..., plan: MigrationPlan? = nil) throws -> Completion {
        try Completer(tree: .azu(), values: ProjectValues(plan: plan ?? self.plan)).complete(words)
    }

    private func values(_ words: String..., plan: MigrationPlan? = nil) throws -> [String] {
        try Completer(tree: .azu(), values: ProjectValues(plan: plan ?? self.plan)).complete(words).items.map(\.value)
    }

    @Test func commandsAreOfferedWithWhatTheyDo() throws {
        let all = try complete("")
        #expect(all.items.contains { $0.value == "db:data:status" && $0.description.hasPrefix("Show where") })
        #expect(all.items.contains { $0.value == "help" })
        #expect(!all.items.contains { $0.value == "manual" })
        #expect(try values("db:data:mi") == ["db:data:migrate"])
        #expect(try values("db:data:re").sorted() == ["db:data:require", "db:data:resume", "db:data:retry"])
        #expect(try values("nothing").isEmpty)
        #expect(try values("help", "db:data:mi") == ["db:data:migrate"])
        #expect(try values("help", "db:data:journal", "s") == ["size", "show"])
        #expect(try values("db:data:journal", "") == ["size", "show", "prune"])
        #expect(try values("help", "init", "").isEmpty)
    }

    @Test func migrationsAreOfferedByNameOrByVersion() throws {
        #expect(try complete("db:data:run", "").items.first == .init("backfill_slugs", "20240101120000"))
        #expect(try values("db:data:run", "backfill_slugs", "i") == ["import_people"])
        #expect(try values("db:data:run", "2024") == ["20240101120000", "20240102120000"])
        #expect(try values("db:data:pause", "") == ["backfill_slugs", "import_people"])
        #expect(try values("db:data:rollback", "--version", "im") == ["import_people"])
        #expect(try values("db:data:rollback", "--version=im") == ["--version=import_people"])
        #expect(try values("db:data:rollback", "--version=20240102") == ["--version=20240102120000"])
        #expect(try values("db:data:journal", "show", "b") == ["backfill_slugs"])
        #expect(try values("db:data:set", "import_people", "batch") == ["batch-size="])
        #expect(try values("db:data:set", "import_people", "workers=2", "r") == ["rows-per-second="])
    }

    @Test func optionsAreOfferedOnceUnlessTheyCanBeRepeated() throws {
        #expect(try values("db:data:migrate", "--dr") == ["--dry-run"])
        #expect(try !values("db:data:migrate", "--dry-run", "--").contains("--dry-run"))
        #expect(try values("db:data:run", "--throttle", "lag=1", "--thr") == ["--throttle", "--throttle-query"])
        #expect(try values("db:data:migrate", "--ver") == ["--verbose", "--version"])
        #expect(try values("db:data:accept", "backfill_slugs", "").contains("--yes"))
        #expect(try values("db:data:run", "--", "-").isEmpty)
        #expect(try values("--v") == ["--version"])
    }

    @Test func valuesOfOptionsAreOffered() throws {
        #expect(try values("db:data:status", "--output", "") == ["text", "json"])
        #expect(try values("db:data:status", "--output", "j") == ["json"])
        #expect(try values("db:data:status", "--output=j") == ["--output=json"])
        #expect(try values("db:data:failures", "--output", "c") == ["csv"])
        #expect(try values("db:data:rollback", "--on-conflict", "") == ["stop", "skip", "force"])
        #expect(try values("db:data:run", "--throttle", "lo") == ["locks="])
        #expect(try values("completions", "") == ["bash", "zsh", "fish"])
        #expect(try values("generate", "data_") == ["data_migration"])
        #expect(try complete("init", "--root", "").paths == .folders)
        #expect(try complete("db:data:run", "--root=x").paths == .folders)
        #expect(try complete("db:data:run", "--pause-file", "").paths == .files)
        #expect(try complete("db:data:migrate", "--steps", "").items.isEmpty)
        #expect(try complete("db:data:watch", "--interval", "") == Completion())
    }

    @Test func migrationsOfAProjectAreFoundByTheirFiles() throws {
        try TemporaryProject.with { project throws in
            for name in ["20240101120000_data_backfill_slugs.swift", "20240102120000_data_trim_names.sql", "note.txt"] {
                try project.put("", at: "db/data_migrations/\(name)")
            }
            try project.put("", at: ".env.staging")
            let root = project.root.path(percentEncoded: false)
            let completer = Completer(tree: try .azu(), values: ProjectValues(plan: nil))
            func values(_ words: String...) -> [String] { completer.complete(words).items.map(\.value) }
            #expect(values("db:data:run", "--root", root, "") == ["backfill_slugs", "trim_names"])
            #expect(values("db:data:run", "--root=\(root)", "2024010212") == ["20240102120000"])
            #expect(values("db:data:run", "--root", root, "--env", "") == ["development", "production", "staging"])
            #expect(values("db:data:run", "--root", root + "/nowhere", "").isEmpty)
        }
    }

    @Test func migrationsOfTheSchemaAreFoundByTheirFiles() throws {
        try TemporaryProject.with { project throws in
            try project.put("", at: "db/migrations/20240101115900_create_users.sql")
            try project.put("", at: "db/migrations/note.txt")
            let root = project.root.path(percentEncoded: false)
            let completer = Completer(tree: try .azu(), values: ProjectValues(plan: plan))
            func values(_ words: String...) -> [String] { completer.complete(words).items.map(\.value) }
            #expect(values("db:migrate", "--root", root, "--version", "") == ["create_users"])
            #expect(values("db:rollback", "--root", root, "--version=2024") == ["--version=20240101115900"])
            #expect(
                values("db:migrate", "--with-data", "--root", root, "--version", "")
                    == ["create_users", "backfill_slugs", "import_people"]
            )
            #expect(values("db:data:mark", "--root", root, "") == ["backfill_slugs", "import_people"])
            #expect(values("db:data:show", "--root", root, "i") == ["import_people"])
        }
    }

    @Test func whatTheNewCommandsTakeIsOffered() throws {
        #expect(try values("db:re") == ["db:reset"])
        #expect(try values("conf") == ["config"])
        #expect(try values("generate", "mi") == ["migration"])
        #expect(try values("generate", "migration", "X", "--dialect", "") == ["sqlite", "postgresql"])
        #expect(try values("generate", "migration", "X", "name:str") == ["name:string"])
        #expect(try values("generate", "migration", "X", "name:text", "team:ref") == ["team:references"])
        #expect(try values("generate", "migration", "X", "name:text:").isEmpty)
        #expect(try values("db:migrate", "--te") == ["--test-rollback"])
        #expect(try values("db:status", "--output", "") == ["text", "json"])
        #expect(try values("db:data:run", "--throttle", "la") == ["lag=", "latency="])
    }

    @Test func parametersAndTagsAreThoseOfTheMigrations() throws {
        struct Given: DataMigration {
            @Parameter("Up to when.") var cutoff: Int
            let tags: Set<String> = ["slow", "after-deploy"]

            func up(_ migration: MigrationContext) async throws {}
        }
        let plan = MigrationPlan([.init(version: "20240101120000", name: "given", Given.self)])
        #expect(try values("db:data:run", "given", "--set", "", plan: plan) == ["cutoff="])
        #expect(try values("db:data:migrate", "--tag", "", plan: plan) == ["after-deploy", "slow"])
        #expect(try values("db:data:status", "--skip-tag", "s", plan: plan) == ["slow"])
    }

    @Test func shellsReadALineForEachWordAndOneAboutPaths() {
        let completion = Completion([.init("a", "what it is"), .init("b")])
        #expect(completion.lines == ["a\twhat it is", "b", ":none"])
        #expect(Completion(.folders).lines == [":folders"])
    }
}
