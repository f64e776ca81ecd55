import Database
import Foundation
import SQLiteDriver
import Testing

@Suite("SQLite files")
struct SQLiteFileTests {
    let folder: TemporaryFolder
    var path: String { folder.path("shop.sqlite") }

    init() throws { folder = try TemporaryFolder() }

    @Test func aFileIsInWALMode() async throws {
        let connection = try await SQLiteConnection(path: path)
        #expect(try await connection.query("PRAGMA journal_mode")[0][0] == "wal")
    }

    @Test func foreignKeysAreEnforced() async throws {
        let connection = try await SQLiteConnection(path: path)
        #expect(try await connection.query("PRAGMA foreign_keys")[0][0] == 1)
    }

    @Test func whatIsCommittedIsThereWhenTheFileIsOpenedAgain() async throws {
        let first = try await SQLiteConnection(path: path)
        try await first.run([.execute("CREATE TABLE t (a)"), .begin, .execute("INSERT INTO t VALUES (1)"), .commit])
        try await first.run([.begin, .execute("INSERT INTO t VALUES (2)")])
        await first.close()
        let second = try await SQLiteConnection(path: path)
        #expect(try await second.query("SELECT a FROM t").map(\.values) == [[1]])
    }

    @Test("a file that is no database is reported with its path, and left as it is", arguments: [20, 5_000])
    func noDatabase(size: Int) async throws {
        let bytes = Data(repeating: UInt8(ascii: "x"), count: size)
        try bytes.write(to: URL(filePath: path))
        let error = await #expect(throws: DatabaseError.self) {
            let connection = try await SQLiteConnection(path: path)
            _ = try await connection.query("SELECT * FROM sqlite_master")
        }
        #expect(error?.code == .corrupt)
        #expect(error?.kind == .fatal)
        #expect(error?.description.contains(path) == true)
        #expect(try Data(contentsOf: URL(filePath: path)) == bytes)
    }

    @Test func anEmptyFileIsAnEmptyDatabase() async throws {
        try Data().write(to: URL(filePath: path))
        let connection = try await SQLiteConnection(path: path)
        try await connection.execute("CREATE TABLE t (a)")
        #expect(try await connection.schema(of: "t") != nil)
    }

    // File permissions don't stop an administrator, so the test lets SQLite itself refuse.
    @Test func aDatabaseThatCannotBeWrittenSaysSo() async throws {
        let connection = try await SQLiteConnection(path: path)
        try await connection.execute("CREATE TABLE t (a)")
        try await connection.execute("PRAGMA query_only = ON")
        let error = await #expect(throws: DatabaseError.self) {
            try await connection.execute("INSERT INTO t VALUES (1)")
        }
        #expect(error?.code == .readOnly)
        #expect(error?.kind == .fatal)
        #expect(error?.description.contains(path) == true)
        #expect(try await connection.query("SELECT * FROM t").isEmpty)
    }

    @Test func aFullDatabaseSaysSoAndLosesNothing() async throws {
        let connection = try await SQLiteConnection(path: path)
        try await connection.execute("CREATE TABLE t (a)")
        try await connection.execute("INSERT INTO t VALUES ('before')")
        _ = try await connection.query("PRAGMA max_page_count = 10")
        let error = await #expect(throws: DatabaseError.self) {
            try await connection.transaction {
                for _ in 0..<100 { try await connection.execute("INSERT INTO t VALUES (randomblob(4000))") }
            }
        }
        #expect(error?.code == .diskFull)
        #expect(error?.kind == .fatal)
        #expect(try await connection.query("SELECT a FROM t").map(\.values) == [["before"]])
    }

    @Test func aLockOfAnotherSessionIsWaitedFor() async throws {
        let first = try await SQLiteConnection(path: path)
        let second = try await SQLiteConnection(path: path, busyTimeout: 10)
        try await first.execute("CREATE TABLE t (a)")
        try await first.run([.begin, .execute("INSERT INTO t VALUES (1)")])
        async let waiting = second.run([.begin, .execute("INSERT INTO t VALUES (2)"), .commit])
        try await Task.sleep(for: .milliseconds(50))
        try await first.run([.commit])
        _ = try await waiting
        #expect(try await first.query("SELECT a FROM t ORDER BY a").map(\.values) == [[1], [2]])
    }

    @Test func aLockThatStaysNamesTheFile() async throws {
        let first = try await SQLiteConnection(path: path)
        let second = try await SQLiteConnection(path: path, busyTimeout: 0.05)
        try await first.run([.begin])
        let error = await #expect(throws: DatabaseError.self) { try await second.run([.begin]) }
        #expect(error?.code == .busy)
        #expect(error?.description.contains(path) == true)
    }
}
