import CLibPQ
import Database
import Foundation

/// Where a database is, and how azu behaves there: what libpq knows, and azu's own parameters.
///
///     postgresql://shop@db.example/shop?sslmode=verify-full&schema=shop&lock_timeout=500ms
///     host=/var/run/postgresql dbname=shop pooled=true
///
/// | azu's parameter     |                                                                                   |
/// |---------------------|-----------------------------------------------------------------------------------|
/// | `pooled`            | behind a pooler that lends a session to one transaction at a time                 |
/// | `schema`            | the schema in which tables are looked for and made, `search_path`                 |
/// | `lock_timeout`      | how long a statement waits for a lock, `2s` by default                            |
/// | `statement_timeout` | how long a statement may take, `30s` by default; `0`: for ever                    |
/// | `idle_timeout`      | how long a transaction may do nothing before the server ends it, `45s` by default |
/// | `answer_timeout`    | how long the server may say nothing before the connection counts as lost; by      |
/// |                     | default 15 seconds more than what was sent may take; `0`: for ever                |
///
/// What is not given comes from the `PG*` variables, the service file and the password file, as for every libpq program.
struct ConnectionSettings: Sendable, Hashable {
    /// What libpq is handed.
    private(set) var parameters: [String: String] = [:]
    private(set) var isPooled = false
    private(set) var schema: String?
    /// Whether a statement by itself stays so behind a pooler, rather than being run in a transaction with its settings.
    private(set) var isBare = false
    private(set) var lockTimeout = "2s"
    private(set) var statementTimeout = "30s"
    /// Below the time for which a lease lasts: a worker that is stopped must not hold its locks for longer.
    private(set) var idleTimeout = "45s"
    private(set) var answerTimeout: Duration?

    /// Reads a URL or a list of `key=value`.
    ///
    /// - Throws: ``/Database/DatabaseError`` in libpq's words, without the password.
    init(_ text: String) throws {
        let (rest, own) = Self.takingOwn(text)
        for (name, value) in own {
            switch name {
            case "pooled": isPooled = try Self.truth(value, of: name)
            case "schema": schema = value
            case "lock_timeout": lockTimeout = try Self.time(value, of: name).text
            case "statement_timeout": statementTimeout = try Self.time(value, of: name).text
            case "idle_timeout": idleTimeout = try Self.time(value, of: name).text
            default: answerTimeout = try Self.time(value, of: name).duration
            }
        }
        var message: UnsafeMutablePointer<CChar>?
        guard let options = PQconninfoParse(rest, &message) else {
            defer { PQfreemem(message) }
            throw DatabaseError(.cannotOpen, "the database URL can't be read" + Self.reason(message))
        }
        defer { PQconninfoFree(options) }
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val { parameters[String(cString: keyword)] = String(cString: value) }
            option += 1
        }
        try checkHost()
    }

    /// Refuses a part of a password that libpq takes for a host or a port, and would show.
    private func checkHost() throws {
        // A socket in no folder begins with an `@`.
        let hosts = (parameters["host"] ?? "").utf8.split(separator: UInt8(ascii: ","))
        let isHost = !hosts.contains { $0.dropFirst().contains(UInt8(ascii: "@")) }
        let isPort = (parameters["port"] ?? "").utf8.allSatisfy { "0123456789, ".utf8.contains($0) }
        if isHost, isPort { return }
        throw DatabaseError(
            .cannotOpen,
            "the database URL can't be read: \(isHost ? "the port is no number" : "there is an @ in the host"); in a "
                + "password, write @ as %40 and / as %2F"
        )
    }

    /// The same for a database in which others are made and dropped; that can't be done in a transaction, nor needs a
    /// schema.
    func maintaining(_ database: String) -> ConnectionSettings {
        var copy = self
        copy.parameters["dbname"] = database
        copy.schema = nil
        copy.isBare = true
        return copy
    }

    /// The database's name: as given, or from the environment, or the user's.
    var database: String {
        parameters["dbname"] ?? defaults["dbname"] ?? parameters["user"] ?? defaults["user"] ?? "postgres"
    }

    /// Host and database, without user and password.
    var place: String {
        let host = parameters["host"] ?? defaults["host"] ?? "localhost"
        let port = parameters["port"] ?? defaults["port"]
        return "\(host)\(port.map { ":\($0)" } ?? "")/\(database)"
    }

    /// What the environment gives, and libpq's own defaults.
    private var defaults: [String: String] {
        guard let options = PQconndefaults() else { return [:] }
        defer { PQconninfoFree(options) }
        var result: [String: String] = [:]
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val { result[String(cString: keyword)] = String(cString: value) }
            option += 1
        }
        return result
    }

    /// How long the server may say nothing while it runs so many statements; `nil` where they may take for ever.
    func patience(forStatements count: Int) -> Duration? {
        if let answerTimeout { return answerTimeout > .zero ? answerTimeout : nil }
        guard let each = Self.duration(statementTimeout), each > .zero else { return nil }
        return each * max(1, count) + .seconds(15)
    }

    /// Reads a time as PostgreSQL writes it: a number of milliseconds, or with a unit.
    static func duration(_ text: String) -> Duration? {
        let units: [String: Double] = ["": 0.001, "ms": 0.001, "s": 1, "min": 60, "h": 3_600, "d": 86_400, "us": 1e-6]
        let number = text.prefix { $0.isNumber || $0 == "." }
        let unit = text.dropFirst(number.count).trimmingCharacters(in: .whitespaces)
        // More than some decades would not fit where it is counted in milliseconds.
        guard let value = Double(number), let seconds = units[unit], value * seconds <= 1e9 else { return nil }
        return .seconds(value * seconds)
    }

    /// The server would refuse it later, without the parameter's name.
    private static func time(_ text: String, of name: String) throws -> (text: String, duration: Duration) {
        if let duration = duration(text) { return (text, duration) }
        throw DatabaseError(.cannotOpen, "\(name) in the database URL is no time; it looks like 45s")
    }

    private static func truth(_ text: String, of name: String) throws -> Bool {
        switch text.lowercased() {
        case "true", "1", "yes", "on": true
        case "false", "0", "no", "off": false
        default: throw DatabaseError(.cannotOpen, "\(name) in the database URL is neither true nor false")
        }
    }

    private static let own: Set<String> = [
        "pooled", "schema", "lock_timeout", "statement_timeout", "idle_timeout", "answer_timeout",
    ]

    /// Takes azu's own parameters out of the text.
    private static func takingOwn(_ text: String) -> (rest: String, own: [(String, String)]) {
        if (try? DatabaseURL(text))?.isList != false {
            let list = KeywordList(text)
            // What libpq can't read, it complains about itself.
            guard list.isWhole else { return (text, []) }
            let mine = list.pairs.filter { own.contains($0.name) }
            let others = list.pairs.filter { !own.contains($0.name) }
            return (others.map { $0.text }.joined(separator: " "), mine.map { ($0.name, $0.value) })
        }
        let bytes = Array(text.utf8)
        guard let mark = query(of: bytes) else { return (text, []) }
        let parts = bytes[(mark + 1)...].split(separator: UInt8(ascii: "&"))
        let mine = parts.map(pair).filter { own.contains($0.0) }
        let others = parts.filter { !own.contains(pair($0).0) }.map { String(decoding: $0, as: UTF8.self) }
        let start = String(decoding: bytes[..<mark], as: UTF8.self)
        return (start + (others.isEmpty ? "" : "?" + others.joined(separator: "&")), mine)
    }

    /// The place of the `?` in a URL, which is behind the password: there may be others in that.
    private static func query(of url: [UInt8]) -> Int? {
        let slash = UInt8(ascii: "/")
        guard let colon = url.firstIndex(of: UInt8(ascii: ":")) else { return nil }
        var rest = url[(colon + 1)...].drop { $0 == slash }
        if let at = rest.prefix(while: { $0 != slash }).firstIndex(of: UInt8(ascii: "@")) { rest = rest[at...] }
        return rest.firstIndex(of: UInt8(ascii: "?"))
    }

    private static func pair(_ bytes: ArraySlice<UInt8>) -> (String, String) {
        let halves = bytes.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
        let texts = halves.map { String(decoding: $0, as: UTF8.self) }
        return (texts[0], texts.count > 1 ? texts[1].removingPercentEncoding ?? texts[1] : "")
    }

    private static func reason(_ message: UnsafeMutablePointer<CChar>?) -> String {
        // Only the first words: libpq quotes the URL behind them, with the password in it.
        // By bytes: with an accent behind it, a quote is another `Character`.
        guard let message else { return "" }
        let bytes = String(cString: message).utf8.prefix { $0 != UInt8(ascii: "\"") }
        let words = String(decoding: bytes, as: UTF8.self)
        return ": " + words.trimmingCharacters(in: .whitespacesAndNewlines.union(.punctuationCharacters))
    }
}
