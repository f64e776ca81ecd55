import Database
import Foundation

@testable import PostgresDriver

/// Where a database is: libpq gets what was meant for it, and nothing that is shown holds the password.
///
/// An input is a digit for what is asked, and a text with `S3cr3t` in it; or what a URL, or a list, is made of.
enum URLTarget {
    private static let secret = "S3cr3t"

    @Sendable static func check(_ bytes: UnsafeRawBufferPointer) {
        var input = FuzzInput(bytes)
        switch input.choice(3) {
        case 0: checkText(String(decoding: input.rest.filter { $0 != 0 }, as: UTF8.self))
        case 1: checkURL(&input)
        default: checkList(&input)
        }
    }

    private static func hasSecret(_ text: String) -> Bool { Data(text.utf8).range(of: Data(secret.utf8)) != nil }

    private static func checkText(_ text: String) {
        let url = try? DatabaseURL(text)
        var settings: ConnectionSettings?
        let problem = problem { settings = try ConnectionSettings(text) }
        require(!hasSecret(problem ?? ""), "\(text) is refused with: \(problem ?? "")")
        guard let settings else { return }
        let own = [settings.schema, settings.lockTimeout, settings.statementTimeout].compactMap { $0 }
        let holders = settings.parameters.filter { hasSecret($0.value) }.keys
        guard own.allSatisfy({ !hasSecret($0) }), holders.allSatisfy({ $0 == "password" }) else { return }
        guard let url, !hasSecret(url.scheme), holders.count == 1 else { return }
        checkPlaces(url, settings)
    }

    private static func checkPlaces(_ url: DatabaseURL, _ settings: ConnectionSettings) {
        require(!hasSecret(url.place), "\(url.text) is shown as \(url.place)")
        require(!hasSecret(settings.place), "\(url.text) is shown as \(settings.place)")
    }

    private static func check(_ text: String, _ parameters: [String: String], schema: String, isPooled: Bool) {
        var settings: ConnectionSettings?
        let problem = problem { settings = try ConnectionSettings(text) }
        guard let settings, let url = try? DatabaseURL(text) else {
            return require(false, "\(text) can't be read: \(problem ?? "it is no URL")")
        }
        for (name, value) in parameters where !value.isEmpty {
            let found = settings.parameters[name]
            require(found.map { Array($0.utf8) } == Array(value.utf8), "\(name) in \(text) is \(found ?? "nothing")")
        }
        require(settings.schema.map { Array($0.utf8) } == Array(schema.utf8), "the schema in \(text)")
        require(settings.isPooled == isPooled && settings.lockTimeout == "7s", "what is azu's own in \(text)")
        require(Set(settings.parameters.keys).isDisjoint(with: ["schema", "pooled", "lock_timeout"]), "\(text)")
        checkPlaces(url, settings)
    }

    /// Text without zeros, which libpq can't have, and without the secret.
    private static func text(_ input: inout FuzzInput) -> String {
        let text = String(decoding: input.text(12).utf8.filter { $0 != 0 }, as: UTF8.self)
        return hasSecret(text) ? "" : text
    }

    // MARK: URLs

    private static func checkURL(_ input: inout FuzzInput) {
        let (user, password, database, schema) = (text(&input), secret + text(&input), text(&input), text(&input))
        let isPooled = input.choice(2) == 1
        // A password may hold anything but what ends it.
        let raw = Set("?#&:=!$'()*+,;[] ".utf8)
        let isRaw = input.choice(2) == 1
        let shownPassword = encoded(password) { isRaw && raw.contains($0) }
        let hosts = [("db.example", "db.example"), ("[::1]", "::1"), ("%2Ftmp", "/tmp"), ("a,b", "a,b")]
        let host = hosts[input.choice(hosts.count)]
        var query = ["schema=\(encoded(schema))", "lock_timeout=7s", "application_name=\(encoded(user))"]
        if isPooled { query.append("pooled=true") }
        query.swapAt(0, input.choice(query.count))
        let text =
            "postgresql://\(encoded(user)):\(shownPassword)@\(host.0)/\(encoded(database))?"
            + query.joined(separator: "&")
        let parameters = [
            "user": user, "password": password, "host": host.1, "dbname": database, "application_name": user,
        ]
        check(text, parameters, schema: schema, isPooled: isPooled)
    }

    private static func encoded(_ text: String, _ staysRaw: (UInt8) -> Bool = { _ in false }) -> String {
        let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~".utf8)
        return text.utf8.map { byte in
            plain.contains(byte) || staysRaw(byte)
                ? String(UnicodeScalar(byte)) : "%" + String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
        }.joined()
    }

    // MARK: Lists

    private static func checkList(_ input: inout FuzzInput) {
        let isPooled = input.choice(2) == 1
        let schema = text(&input)
        let parameters = [
            "user": text(&input), "password": secret + text(&input), "dbname": text(&input), "host": "db.example",
        ]
        var pairs = parameters.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        pairs += [("schema", schema), ("lock_timeout", "7s")]
        if isPooled { pairs.append(("pooled", "yes")) }
        pairs.swapAt(0, input.choice(pairs.count))
        let blanks = [" ", "  ", "\t", "\n", " \r\n"]
        var list = ""
        for (name, value) in pairs {
            let around = ["", " ", "\t "][input.choice(3)]
            let isPlain = !value.isEmpty && value.utf8.allSatisfy { $0 > 32 && $0 != 39 && $0 != 92 && $0 < 127 }
            let shown = isPlain && input.choice(2) == 0 ? value : quoted(value)
            list += name + around + "=" + around + shown + blanks[input.choice(blanks.count)]
        }
        check(list, parameters, schema: schema, isPooled: isPooled)
    }

    private static func quoted(_ text: String) -> String {
        var bytes = Array("'".utf8)
        for byte in text.utf8 {
            if byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\\") { bytes.append(UInt8(ascii: "\\")) }
            bytes.append(byte)
        }
        return String(decoding: bytes, as: UTF8.self) + "'"
    }
}
