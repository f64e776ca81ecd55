import Database
import Foundation
import SQLiteDriver
import Testing

/// What goes wrong is told in one clear line, with an exit code, and nothing is lost.
@Suite struct BadInputTests {
    private func expectOneLine(_ outcome: Program.Outcome, code: Int32 = 1, _ parts: String...) {
        let lines = outcome.errors.split(separator: "\n").filter { $0.hasPrefix("azu: ") }
        #expect(lines.count == 1, "\(outcome.errors)")
        #expect(outcome.code == code)
        for part in parts { #expect(lines.first?.contains(part) == true, "\(part) in \(outcome.errors)") }
    }

    @Test func noDatabaseURL() throws {
        let workspace = try Workspace()
        try workspace.write("", to: ".env")
        expectOneLine(try workspace.run("db:data:migrate"), "DATABASE_URL is not set", ".env")
    }

    @Test func anUnknownScheme() throws {
        let workspace = try Workspace()
        let outcome = try workspace.run("db:data:migrate", environment: ["DATABASE_URL": "oracle://secret@host/x"])
        expectOneLine(outcome, "oracle:", "sqlite:")
        #expect(!outcome.errors.contains("secret"))
    }

    @Test func aDatabaseThatDoesNotExist() throws {
        expectOneLine(try Workspace().run("db:data:migrate"), "test.sqlite", "azu db:create")
    }

    @Test func aFileThatIsNoDatabase() throws {
        let workspace = try Workspace()
        try workspace.write(String(repeating: "no database ", count: 1_000), to: "test.sqlite")
        expectOneLine(try workspace.run("db:data:migrate"), "test.sqlite", "no SQLite database")
    }

    @Test func aFolderThatDoesNotExist() throws {
        expectOneLine(try Workspace().run("db:data:status", "--root", "nowhere"), "nowhere", "--root")
    }

    @Test func acceptingNothingIsRefusedWithoutAQuestion() async throws {
        let workspace = try Workspace()
        try await workspace.fill(10)
        #expect(try workspace.run("db:data:run", "copy_posts").code == 0)
        expectOneLine(try workspace.run("db:data:accept", "copy_posts"), "no rows in quarantine")
    }

    @Test func aRollbackOfOneVersionTakesNoNumber() throws {
        let outcome = try Workspace().run("db:data:rollback", "--version", "copy_posts", "--steps", "2")
        #expect(outcome.code == 64)
        #expect(outcome.errors.contains("either --version or --steps"))
    }

    @Test func aMissingTableAndAMissingColumnNameTheMigration() async throws {
        let workspace = try Workspace()
        try await workspace.fill(10)
        expectOneLine(try workspace.run("db:data:run", "missing_table"), "missing_table", "ghosts")
        expectOneLine(try workspace.run("db:data:run", "missing_column"), "missing_column", "nickname", "users")
    }

    @Test func aMissingFileAndAWrongHeader() async throws {
        let workspace = try Workspace()
        try await workspace.fill(10)
        try FileManager.default.removeItem(at: workspace.folder.appending(path: "people.csv"))
        expectOneLine(try workspace.run("db:data:run", "import_people"), "people.csv")
        try workspace.write("number,full_name\n1,a\n", to: "people.csv")
        expectOneLine(try workspace.run("db:data:run", "import_people"), "people.csv", "id")
        #expect(try await workspace.number("SELECT count(*) FROM people") == 0)
        try workspace.write("id,name\n1,a\n", to: "people.csv")
        #expect(try workspace.run("db:data:run", "import_people").code == 0)
        #expect(try await workspace.number("SELECT count(*) FROM people") == 1)
    }

    @Test func aFileThatChangedSinceTheRunBegan() async throws {
        let workspace = try Workspace()
        try await workspace.fill(20_000)
        let program = try Program(["db:data:run", "import_people", "--output", "json"], in: workspace.folder)
        try program.waitForOutput("\"batch\"")
        program.send(SIGTERM)
        #expect(try program.finish().code == 4)
        let before = try await workspace.number("SELECT count(*) FROM people")
        try workspace.write("id,name\n1,other\n", to: "people.csv")
        expectOneLine(try workspace.run("db:data:run", "import_people"), "people.csv", "changed since")
        #expect(try await workspace.number("SELECT count(*) FROM people") == before)
    }

    @Test func anUnknownMigrationAndWrongUsage() async throws {
        let workspace = try Workspace()
        try await workspace.fill(1)
        expectOneLine(try workspace.run("db:data:run", "update_user"), "update_user", "update_users")
        #expect(try workspace.run("db:data:migrate", "--stepps", "3").code == 64)
        #expect(try workspace.run("db:data:migrate", "--steps", "0").code == 64)
    }

    @Test func aDatabaseThatAnotherProcessLocks() async throws {
        let workspace = try Workspace()
        try await workspace.fill(10)
        let holder = try await workspace.connect()
        try await holder.run([.begin])
        let outcome = try workspace.run("db:data:run", "update_users")
        expectOneLine(outcome, "test.sqlite", "locked by another process")
        try await holder.run([.rollback])
        await holder.close()
        #expect(try workspace.run("db:data:run", "update_users").code == 0)
    }

    @Test func twoRunsOfTheSameMigrationAtOnce() async throws {
        let workspace = try Workspace()
        try await workspace.fill(60_000)
        let first = try Program(["db:data:run", "update_users", "--output", "json"], in: workspace.folder)
        try first.waitForOutput("\"batch\"")
        let second = try workspace.run("db:data:run", "update_users")
        expectOneLine(second, "update_users is being run by process")
        #expect(try first.finish().code == 0)
        #expect(try await workspace.number("SELECT count(*) FROM users WHERE writes <> 1") == 0)
    }

    @Test func aLedgerOfANewerVersion() async throws {
        let workspace = try Workspace()
        try await workspace.fill(10)
        _ = try workspace.run("db:data:run", "update_users")
        try await workspace.execute("UPDATE data_migration_format SET version = 7")
        expectOneLine(try workspace.run("db:data:run", "copy_posts"), "format 7", "newer")
        expectOneLine(try workspace.run("db:data:status"), "format 7", "newer")
        #expect(try await workspace.number("SELECT count(*) FROM articles") == 0)
    }

    @Test(.enabled(if: getuid() == 0, "a small file system can only be mounted by root"))
    func aDiskThatFillsUp() async throws {
        let workspace = try Workspace()
        try await workspace.fill(40_000)
        let size = try Data(contentsOf: workspace.database).count
        let disk = workspace.folder.appending(path: "disk")
        try FileManager.default.createDirectory(at: disk, withIntermediateDirectories: true)
        try #require(try shell("mount", "-t", "tmpfs", "-o", "size=\(size + 600_000)", "tmpfs", disk.path()) == 0)
        defer { _ = try? shell("umount", disk.path()) }
        try FileManager.default.copyItem(at: workspace.database, to: disk.appending(path: "test.sqlite"))
        let environment = ["DATABASE_URL": "sqlite:disk/test.sqlite"]
        let full = try workspace.run("db:data:run", "update_users", environment: environment)
        expectOneLine(full, "full")
        try #require(try shell("mount", "-o", "remount,size=\(size * 8)", disk.path()) == 0)
        #expect(try workspace.run("db:data:run", "update_users", environment: environment).code == 0)
        let connection = try await SQLiteConnection(path: disk.appending(path: "test.sqlite").path())
        #expect(try await connection.query("SELECT count(*) FROM users WHERE writes <> 1")[0][0] == 0)
        await connection.close()
    }

    private func shell(_ command: String...) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = command
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }
}
