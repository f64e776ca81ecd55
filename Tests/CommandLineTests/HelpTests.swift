import Foundation
import Testing

/// Each command explains itself, without a database.
@Suite struct HelpTests {
    private static let limits = [
        "LIMITS", "--max-rows-per-second <n>", "--window <hh:mm-hh:mm>", "--run-time <time>", "--pause-file <path>",
        "--throttle <signal=limit|off>", "--throttle-query <sql>", "--retry-for <time>",
    ]

    static let commands: [(words: [String], parts: [String])] = [
        (["config"], ["--env <env>", "--output <output>", "--metrics-file <path>", "Exit code 1"] + limits),
        (["db:data:plan"], ["--sample <n>", "--show <n>", "--exact", "--output <output>", "Exit code 0"]),
        (["db:data:migrate"], ["--dry-run", "--sample <n>", "--version <version|name>"]),
        (["db:data:rollback"], ["--plan", "--on-conflict <on-conflict>", "--journaled-only", "--steps <n>"]),
        (["db:data:run"], ["--again", "--yes", "--set <name=value>", "--any-environment"] + limits),
        (["db:data:retry"], limits), (["db:data:rollback"], limits),
        (["db:data:migrate"], limits), (["db:data:watch"], ["--once", "--interval <time>", "--output <output>"]),
        (["db:data:show"], ["<version|name>", "--output <output>", "--set"]),
        (["db:data:status"], ["--tag <tag>", "--skip-tag <tag>"]),
        (["db:data:plan"], ["--set <name=value>", "--tag <tag>"]),
        (["db:data:migrate"], ["--set <name=value>", "--tag <tag>", "--skip-tag <tag>"]),
        (
            ["db:migrate"],
            ["--with-data", "--test-rollback", "--strict", "--wait <time>", "--set <name=value>"] + limits
        ),
        (["db:rollback"], ["--version <version|name>", "--dry-run", "--yes"]),
        (["db:setup"], ["--with-data"]), (["db:reset"], ["--with-data", "--yes"]), (["db:seed"], ["--yes"]),
        (["db:status"], ["--output <output>"]), (["db:data:mark"], ["--all", "--yes"]),
        (["generate"], ["--dialect <dialect>", "--no-timestamps", "--sql", "<column>"]),
        (["db:data:pause"], ["<version|name>"]), (["db:data:resume"], ["<version|name>"]),
        (["db:data:cancel"], ["<version|name>", "exit code 4"]),
        (["db:data:set"], ["<version|name>", "<setting=value>", "batch-size=N"]),
        (["db:data:journal"], ["size", "show", "prune"]),
        (["db:data:journal", "size"], ["--output <output>"]),
        (["db:data:journal", "show"], ["--row <row>", "<version|name>"]),
        (["db:data:journal", "prune"], ["--older-than <time>", "--yes", "30d"]),
    ]

    @Test(arguments: commands.indices) func aCommandListsItsOptions(_ index: Int) throws {
        let workspace = try Workspace()
        let (words, parts) = Self.commands[index]
        for arguments in [["help"] + words, words + ["--help"]] {
            let outcome = try Program(arguments, in: workspace.folder).finish()
            #expect(outcome.code == 0)
            #expect(outcome.errors.isEmpty)
            // Lines are broken where they are long.
            let text = outcome.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            for part in parts { #expect(text.contains(part), "\(part) in \(outcome.output)") }
        }
    }

    @Test func theCommandsAreListedWithTheirExitCodes() throws {
        let workspace = try Workspace()
        let outcome = try workspace.run("--help")
        #expect(outcome.code == 0)
        let text = outcome.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        for part in [
            "db:data:plan", "db:data:rollback", "db:data:journal", "WHILE IT RUNS", "db:data:watch", "db:data:set",
            "2 a preview found work to do",
        ] {
            #expect(text.contains(part), "\(part)")
        }
        #expect(!FileManager.default.fileExists(atPath: workspace.database.path()))
    }
}
