import Database
import Foundation
import SQLiteDriver
import Testing

@Suite("Database URLs")
struct SQLiteURLTests {
    let folder: TemporaryFolder
    let driver = SQLiteDriver(busyTimeout: 0.1)

    init() throws { folder = try TemporaryFolder() }

    @Test(
        "a relative path starts at the root, and folders on the way are made",
        arguments: ["shop.sqlite", "db/a b/ü.sqlite"]
    )
    func relative(_ path: String) async throws {
        let created = try await driver.create(DatabaseURL("sqlite:\(path)"), root: folder.url)
        #expect(created.isNew)
        #expect(created.name == folder.path(path))
        #expect(FileManager.default.fileExists(atPath: folder.path(path)))
    }

    @Test("an absolute path is taken as it is", arguments: ["sqlite:", "sqlite://", "SQLite:"])
    func absolute(_ prefix: String) async throws {
        let path = folder.path("shop.sqlite")
        let elsewhere = URL(filePath: "/nonexistent/root")
        #expect(try await driver.create(DatabaseURL(prefix + path), root: elsewhere).name == path)
        let connection = try await driver.connect(to: DatabaseURL(prefix + path), root: elsewhere)
        try await connection.execute("CREATE TABLE t (a)")
        #expect(try await SQLiteConnection(path: path).schema(of: "t") != nil)
    }

    @Test func creatingADatabaseThatExistsLeavesItAlone() async throws {
        let url = try DatabaseURL("sqlite:shop.sqlite")
        _ = try await driver.create(url, root: folder.url)
        try await driver.connect(to: url, root: folder.url).execute("CREATE TABLE t (a)")
        #expect(try await driver.create(url, root: folder.url).isNew == false)
        #expect(try await driver.connect(to: url, root: folder.url).schema(of: "t") != nil)
    }

    @Test func eachDatabaseInMemoryIsOneOfItsOwn() async throws {
        let url = try DatabaseURL("sqlite::memory:")
        let first = try await driver.connect(to: url, root: folder.url)
        let second = try await driver.connect(to: url, root: folder.url)
        try await first.execute("CREATE TABLE t (a)")
        #expect(try await first.schema(of: "t") != nil)
        #expect(try await second.schema(of: "t") == nil)
        #expect(try await driver.create(url, root: folder.url).isNew == false)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("")).isEmpty)
    }

    @Test func aMissingFileIsNotMadeByConnecting() async throws {
        let error = await #expect(throws: DatabaseError.self) {
            try await driver.connect(to: DatabaseURL("sqlite:nothing.sqlite"), root: folder.url)
        }
        #expect(error?.code == .cannotOpen)
        #expect(error?.description.contains(folder.path("nothing.sqlite")) == true)
        #expect(error?.description.contains("azu db:create") == true)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("")).isEmpty)
    }

    @Test func aURLWithoutAFileIsRefused() async throws {
        for text in ["sqlite:", "sqlite://"] {
            let error = await #expect(throws: DatabaseError.self) {
                try await driver.connect(to: DatabaseURL(text), root: folder.url)
            }
            #expect(error?.description.contains("names no file") == true)
        }
    }

    @Test func aFolderIsNoDatabase() async throws {
        let error = await #expect(throws: DatabaseError.self) {
            try await driver.connect(to: DatabaseURL("sqlite:."), root: folder.url)
        }
        #expect(error?.code == .cannotOpen)
    }

    @Test("what is no URL is refused", arguments: ["", "shop.sqlite", ":memory:", "/var/shop.sqlite", "my db:x"])
    func noURL(_ text: String) {
        let error = #expect(throws: DatabaseError.self) { try DatabaseURL(text) }
        #expect(error?.code == .cannotOpen)
    }

    @Test func anUnknownSchemeNamesThoseThatExist() throws {
        let drivers = DatabaseDrivers([SQLiteDriver(), Nowhere()])
        let error = try #require(throws: DatabaseError.self) {
            try drivers.driver(for: DatabaseURL("oracle:user:secret@host"))
        }
        #expect(error.code == .cannotOpen)
        #expect(error.description == "no driver for a oracle: database; this program knows sqlite:, nowhere:, never:")
        #expect(!error.description.contains("secret"))
    }

    @Test func theSchemeChoosesTheDriverInAnyCase() throws {
        let drivers = DatabaseDrivers([SQLiteDriver(), Nowhere()])
        #expect(try drivers.driver(for: DatabaseURL("SQLITE:x")) is SQLiteDriver)
        #expect(try drivers.driver(for: DatabaseURL("never:x")) is Nowhere)
    }
}

private struct Nowhere: DatabaseDriver {
    var schemes: [String] { ["nowhere", "never"] }

    func connect(to url: DatabaseURL, root: URL) async throws -> any DatabaseConnection {
        throw DatabaseError(.cannotOpen, "nowhere")
    }

    func create(_ url: DatabaseURL, root: URL) async throws -> CreatedDatabase {
        CreatedDatabase(name: "nowhere", isNew: false)
    }

    func drop(_ url: DatabaseURL, root: URL) async throws -> (name: String, wasThere: Bool) { ("nowhere", false) }
}
