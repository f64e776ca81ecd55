import Database
import Foundation
import PostgresDriver

/// The PostgreSQL server that `script/test` starts, or that `AZU_TEST_POSTGRES_URL` names.
enum TestServer {
    static let url = ProcessInfo.processInfo.environment["AZU_TEST_POSTGRES_URL"]
    /// The same server behind a pooler in transaction mode.
    static let pooledURL = ProcessInfo.processInfo.environment["AZU_TEST_PGBOUNCER_URL"]

    static var isThere: Bool { url != nil }

    /// Works in a schema of a test's own, which is dropped in the end.
    ///
    /// `body` gets its URL: with `more` parameters, `lock_timeout=100ms`, and by way of the pooler or not.
    static func withSchema<T>(
        _ more: String = "",
        isPooled: Bool = false,
        _ body: (_ url: String) async throws -> T
    ) async throws -> T {
        guard let direct = url, let base = isPooled ? pooledURL : url else { throw Missing() }
        let name = "azu_" + UUID().uuidString.lowercased().replacing("-", with: "_")
        let admin = try await PostgresConnection(direct)
        try await admin.execute("CREATE SCHEMA \(raw: name)")
        let result: Result<T, any Error>
        do {
            let parameters = ["schema=\(name)"] + (more.isEmpty ? [] : [more])
            let mark = base.contains("?") ? "&" : "?"
            result = .success(try await body(base + mark + parameters.joined(separator: "&")))
        } catch {
            result = .failure(error)
        }
        _ = try? await admin.execute("DROP SCHEMA \(raw: name) CASCADE")
        await admin.close()
        return try result.get()
    }

    /// The URL of another database of the server.
    static func url(of database: String) throws -> String {
        guard let url, var parts = URLComponents(string: url) else { throw Missing() }
        parts.path = "/" + database
        return parts.string ?? url
    }

    private struct Missing: Error {}
}
