import Database
import Foundation

/// How much of a setting's value may be shown.
enum Secrecy: Sendable {
    /// All of it.
    case none
    /// Of a database URL, where the database is: neither the password nor the user.
    case login
    /// Of a URL, the host: who knows the path of a webhook can call it.
    case path
    /// Of a command, the first word: its arguments may hold a token.
    case arguments

    /// What stands where something is hidden.
    static let mask = "***"

    /// What may be shown of a value.
    func shown(_ text: String) -> String {
        switch self {
        case .none: text
        case .login: Self.place(of: text)
        case .path: Self.host(of: text)
        case .arguments: Self.command(of: text)
        }
    }

    private static func place(of text: String) -> String {
        guard let url = try? DatabaseURL(text) else { return mask }
        return text.contains("://") && !url.isList ? "\(url.scheme)://\(url.place)" : url.place
    }

    private static func host(of text: String) -> String {
        guard let scheme = text.range(of: "://") else { return mask }
        let authority = text[scheme.upperBound...].prefix { !"/?#".contains($0) }
        // Whoever logs in by the URL does so before an `@`.
        let host = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? authority
        return "\(text[..<scheme.upperBound])\(host)/\(mask)"
    }

    private static func command(of text: String) -> String {
        let words = text.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
        // `TOKEN=x notify` begins with what must not be seen.
        guard let first = words.first, !first.contains("=") else { return mask }
        return words.count == 1 ? text : "\(first) \(mask)"
    }
}
