import Database
import Foundation
import PostgresDriver

/// A PostgreSQL server that tests may write to.
struct PostgresServer: Sendable {
    /// Where it is, with a superuser.
    let url: String

    /// The one that `script/test` starts, or that `AZU_TEST_POSTGRES_URL` names.
    static let given = ProcessInfo.processInfo.environment["AZU_TEST_POSTGRES_URL"].map { PostgresServer(url: $0) }

    static var isThere: Bool { given != nil }

    /// The URL with more parameters; at a port of 127.0.0.1, if one is given.
    func address(_ parameters: [String], port: Int? = nil) throws -> String {
        guard var parts = URLComponents(string: url) else { throw Unreadable() }
        if let port {
            parts.host = "127.0.0.1"
            parts.port = port
        }
        let all = [parts.percentEncodedQuery].compactMap { $0 } + parameters
        if !all.isEmpty { parts.percentEncodedQuery = all.joined(separator: "&") }
        guard let text = parts.string else { throw Unreadable() }
        return text
    }

    /// Opens a session.
    func connect(_ parameters: [String], port: Int? = nil) async throws -> any DatabaseConnection {
        try await PostgresConnection(address(parameters, port: port))
    }

    /// Works in a schema of a test's own, which is dropped in the end.
    func withSchema<T>(_ body: (_ schema: String) async throws -> T) async throws -> T {
        let name = "azu_" + UUID().uuidString.lowercased().replacing("-", with: "_")
        // Longer than lost sessions hold their locks.
        let admin = try await connect(["lock_timeout=10s"])
        try await admin.execute("CREATE SCHEMA \(raw: name)")
        let result: Result<T, any Error>
        do {
            result = .success(try await body(name))
        } catch {
            result = .failure(error)
        }
        _ = try? await admin.execute("DROP SCHEMA \(raw: name) CASCADE")
        await admin.close()
        return try result.get()
    }

    private struct Unreadable: Error, CustomStringConvertible {
        var description: String { "AZU_TEST_POSTGRES_URL is no URL" }
    }
}
