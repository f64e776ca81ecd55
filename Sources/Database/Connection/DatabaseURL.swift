public import Foundation

/// Where a database is: `sqlite:db/shop.sqlite`, `sqlite::memory:`, `postgresql://shop@db.example/shop`,
/// `host=db.example dbname=shop`.
public struct DatabaseURL: Sendable, Hashable {
    /// The part before the first colon, in lower case; it chooses the driver.
    public let scheme: String
    /// What stands behind the colon.
    public let location: String
    /// The whole of it.
    ///
    /// It may hold a password.
    public let text: String

    /// Reads a URL.
    ///
    /// - Throws: ``DatabaseError`` if there is no scheme.
    public init(_ text: String) throws {
        self.text = text
        // A list of `key=value` is what programs of PostgreSQL take beside a URL.
        if text.firstMatch(of: #/^\s*[a-z_]+\s*=/#) != nil {
            (scheme, location) = ("postgresql", text)
            return
        }
        guard let colon = text.firstIndex(of: ":"), colon > text.startIndex,
            text[..<colon].allSatisfy({ $0.isLetter || $0.isNumber || "+-.".contains($0) })
        else {
            throw DatabaseError(
                .cannotOpen,
                "the database URL has no scheme; it looks like sqlite:path/to/database.sqlite or postgresql://host/name"
            )
        }
        scheme = text[..<colon].lowercased()
        location = String(text[text.index(after: colon)...])
    }
}

extension DatabaseURL {
    /// What a person finds the database by, without a user and a password.
    public var place: String {
        if isList {
            let shown = KeywordList(text).pairs.filter { !["user", "password", "sslpassword"].contains($0.name) }
            return shown.map(\.text).joined(separator: " ")
        }
        // By bytes: with an accent behind it, a `/` or an `@` is another `Character`.
        guard text.utf8.contains("://".utf8) else { return text }
        var rest = location.utf8.drop { $0 == UInt8(ascii: "/") }
        // A password may hold a `?`; and, which libpq does not allow, an `@` or a `/`.
        let authority = rest.prefix { $0 != UInt8(ascii: "/") }
        if let at = authority.lastIndex(of: UInt8(ascii: "@")) { rest = rest[rest.index(after: at)...] }
        rest = rest.prefix { $0 != UInt8(ascii: "?") }
        if let at = rest.lastIndex(of: UInt8(ascii: "@")) { rest = rest[rest.index(after: at)...] }
        return String(decoding: rest, as: UTF8.self)
    }

    /// Whether it is a list of `key=value`, see ``KeywordList``.
    package var isList: Bool { location == text }
}

/// Opens databases of some URL schemes.
public protocol DatabaseDriver: Sendable {
    /// The schemes, in lower case: `["sqlite"]`.
    var schemes: [String] { get }

    /// Opens a session.
    ///
    /// - Parameters:
    ///   - url: where the database is.
    ///   - root: where relative paths start.
    /// - Returns: the session.
    /// - Throws: ``DatabaseError``.
    func connect(to url: DatabaseURL, root: URL) async throws -> any DatabaseConnection

    /// Creates the database, if it does not exist.
    ///
    /// - Returns: what was made, and what was there.
    /// - Throws: ``DatabaseError``.
    func create(_ url: DatabaseURL, root: URL) async throws -> CreatedDatabase

    /// Drops the database, with all that is in it, if it exists.
    ///
    /// - Returns: what a person calls it, and whether it was there.
    /// - Throws: ``DatabaseError``.
    func drop(_ url: DatabaseURL, root: URL) async throws -> (name: String, wasThere: Bool)
}

/// The drivers that a program was built with.
public struct DatabaseDrivers: Sendable {
    private let drivers: [any DatabaseDriver]

    /// Makes a list of drivers.
    public init(_ drivers: [any DatabaseDriver]) { self.drivers = drivers }

    /// The driver of a URL.
    ///
    /// - Throws: ``DatabaseError`` that names the schemes that exist.
    public func driver(for url: DatabaseURL) throws -> any DatabaseDriver {
        if let driver = drivers.first(where: { $0.schemes.contains(url.scheme) }) { return driver }
        let known = drivers.flatMap(\.schemes).map { $0 + ":" }.joined(separator: ", ")
        throw DatabaseError(.cannotOpen, "no driver for a \(url.scheme): database; this program knows \(known)")
    }
}
