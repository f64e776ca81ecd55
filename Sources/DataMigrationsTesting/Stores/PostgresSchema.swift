import Database
import Foundation
import PostgresDriver

/// A schema that a test has to itself, on a PostgreSQL server.
struct PostgresSchema: Sendable {
    /// Its name: `azu_test_…`.
    let name: String
    /// The server's URL with the schema first on its search path.
    let url: String
    private let server: String

    /// Where copies of its tables are kept for a while.
    static func copies(of name: String) -> String { name + "_copies" }

    /// Makes one.
    ///
    /// - Parameter url: the server's; that of the environment, if there is none.
    /// - Throws: ``/Database/DatabaseError``, or ``TestDatabaseError`` if there is no URL of a server.
    init(on url: String?) async throws {
        let variable = TestStore.variable
        guard let server = url ?? TestStore.server else {
            throw TestDatabaseError(
                "no PostgreSQL to test on: set \(variable) to the URL of a database for tests, such as "
                    + "postgresql://localhost/shop_test"
            )
        }
        guard ["postgresql", "postgres"].contains(try DatabaseURL(server).scheme) else {
            throw TestDatabaseError(
                "the server for tests is not PostgreSQL: its URL, that in \(variable) unless the test gives one, begins "
                    + "with postgresql://"
            )
        }
        self.server = server
        name = "azu_test_" + UUID().uuidString.lowercased().replacing("-", with: "")
        let admin = try await PostgresConnection(server)
        do {
            try await admin.execute("CREATE SCHEMA \(identifier: name)")
            let others = try await admin.query(Self.extensionSchemas).compactMap { $0[0].text }
            await admin.close()
            self.url = try Self.url(server, searchPath: [name] + others)
        } catch {
            await admin.close()
            throw error
        }
    }

    /// Drops it, with all that is in it.
    func drop() async {
        guard let admin = try? await PostgresConnection(server) else { return }
        for name in [name, Self.copies(of: name)] {
            _ = try? await admin.execute("DROP SCHEMA IF EXISTS \(identifier: name) CASCADE")
        }
        await admin.close()
    }

    /// The schemas in which extensions are, their types and functions; but none with tables, which a test must not meet.
    private static let extensionSchemas: SQL = """
        SELECT DISTINCT quote_ident(n.nspname) FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
        WHERE n.nspname <> 'pg_catalog' AND NOT EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = n.oid
        AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')) ORDER BY 1
        """

    /// Puts the search path among the options of a URL, or of a list of `key=value`.
    ///
    /// - Throws: ``TestDatabaseError`` where options would not arrive.
    static func url(_ server: String, searchPath: [String]) throws -> String {
        // Nobody waits for the disk: what a crash of the machine loses, the next test makes anew.
        let path = searchPath.joined(separator: ",").replacing(#"\"#, with: #"\\"#).replacing(" ", with: #"\ "#)
        let options = "-csearch_path=\(path) -csynchronous_commit=off"
        if try DatabaseURL(server).isList {
            if server.contains("pooled=") { throw pooled }
            return server + " options='\(options.replacing(#"\"#, with: #"\\"#).replacing("'", with: #"\'"#))'"
        }
        var characters = CharacterSet.alphanumerics
        characters.insert(charactersIn: "-_.")
        let encoded = options.addingPercentEncoding(withAllowedCharacters: characters) ?? options
        // A password may hold a question mark.
        let start = server.lastIndex(of: "@") ?? server.startIndex
        guard let mark = server[start...].firstIndex(of: "?") else { return server + "?options=" + encoded }
        var others = server[server.index(after: mark)...].split(separator: "&").map(String.init)
        // A schema of azu's own parameters would take the place of the search path.
        others.removeAll { $0.hasPrefix("schema=") }
        if others.contains(where: { $0.hasPrefix("pooled=") }) { throw pooled }
        let given = others.first { $0.hasPrefix("options=") }.map { $0 + "%20" } ?? "options="
        others.removeAll { $0.hasPrefix("options=") }
        return server[...mark] + (others + [given + encoded]).joined(separator: "&")
    }

    /// A pooler takes no options of a session.
    private static var pooled: TestDatabaseError {
        TestDatabaseError("tests need the server itself: leave pooled= out of its URL, in \(TestStore.variable)")
    }
}
