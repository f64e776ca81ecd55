import Database
import Foundation
import PostgresDriver
import Testing

/// Databases are created and dropped.
@Suite(.enabled(if: TestServer.isThere), .serialized)
struct DriverTests {
    private let driver = PostgresDriver()
    private let root = URL(filePath: "/")

    /// Works with the URL of a database that is not there yet, and is gone in the end.
    private func withName(
        _ name: String = "azu_test_" + UUID().uuidString,
        _ parameters: String = "",
        _ body: (_ name: String, _ url: DatabaseURL) async throws -> Void
    ) async throws {
        let base = try TestServer.url(of: name)
        let mark = base.contains("?") ? "&" : "?"
        let url = try DatabaseURL(parameters.isEmpty ? base : base + mark + parameters)
        do {
            try await body(name, url)
        } catch {
            _ = try? await driver.drop(DatabaseURL(base), root: root)
            throw error
        }
        _ = try? await driver.drop(DatabaseURL(base), root: root)
    }

    private func isThere(_ name: String) async throws -> Bool {
        try await TestServer.withConnection { connection in
            try await !connection.query("SELECT 1 FROM pg_database WHERE datname = \(name)").isEmpty
        }
    }

    @Test(arguments: ["azu_test_", "azu Größe \"quoted\" it's "])
    func aDatabaseIsCreatedOnceAndDroppedOnce(prefix: String) async throws {
        try await withName(prefix + UUID().uuidString) { name, url in
            let created = try await driver.create(url, root: root)
            #expect(created.isNew)
            #expect(created.name.hasSuffix("/" + name))
            #expect(try await isThere(name))
            #expect(try await !driver.create(url, root: root).isNew)

            let connection = try await driver.connect(to: url, root: root)
            #expect(try await connection.query("SELECT current_database()")[0][0] == .text(name))
            await connection.close()

            let dropped = try await driver.drop(url, root: root)
            #expect(dropped.wasThere)
            #expect(dropped.name.hasSuffix("/" + name))
            #expect(try await !isThere(name))
            #expect(try await !driver.drop(url, root: root).wasThere)
            let error = await #expect(throws: DatabaseError.self) { try await driver.connect(to: url, root: root) }
            #expect(error?.code == .cannotOpen)
        }
    }

    @Test(arguments: ["schema=shop", "schema=Shop%20Größe", "pooled=true&schema=shop", "pooled=true"])
    func theSchemaInTheURLIsCreatedWithTheDatabase(parameters: String) async throws {
        try await withName("azu_test_" + UUID().uuidString, parameters) { name, url in
            let created = try await driver.create(url, root: root)
            #expect(created.isNew)
            #expect(created.isSchemaNew == (created.schema != nil))
            let again = try await driver.create(url, root: root)
            #expect(!again.isNew && !again.isSchemaNew)
            #expect(again.schema == created.schema)
            let connection = try await driver.connect(to: url, root: root)
            try await connection.execute("CREATE TABLE items (id bigint PRIMARY KEY)")
            #expect(try await connection.schema(of: "items")?.primaryKey == ["id"])
            let schemas = try await connection.query("SELECT schemaname FROM pg_tables WHERE tablename = 'items'")
            let wanted = parameters.contains("Gr") ? "Shop Größe" : parameters.contains("shop") ? "shop" : "public"
            #expect(created.schema ?? "public" == wanted)
            #expect(schemas.map { $0[0] } == [.text(wanted)])
            await connection.close()
            #expect(try await driver.drop(url, root: root).wasThere)
            #expect(try await !isThere(name))
        }
    }

    @Test func aSchemaIsMadeInADatabaseThatIsThere() async throws {
        try await withName { name, url in
            _ = try await driver.create(url, root: root)
            let billing = try DatabaseURL(url.text + (url.text.contains("?") ? "&" : "?") + "schema=billing")
            let created = try await driver.create(billing, root: root)
            #expect(!created.isNew)
            #expect(created.schema == "billing" && created.isSchemaNew)
            #expect(try await !driver.create(billing, root: root).isSchemaNew)
        }
    }

    @Test func aDatabaseInUseIsNotDropped() async throws {
        try await withName { name, url in
            _ = try await driver.create(url, root: root)
            let connection = try await driver.connect(to: url, root: root)
            let error = await #expect(throws: DatabaseError.self) { try await driver.drop(url, root: root) }
            #expect(error?.description.contains("other users") == true, "\(error?.description ?? "")")
            #expect(try await isThere(name))
            #expect(try await connection.query("SELECT 1").count == 1)
            await connection.close()
            #expect(try await driver.drop(url, root: root).wasThere)
        }
    }
}
