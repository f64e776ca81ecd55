/// The name of a schema migration's file in its parts: `20240101120000_create_users.sql` is the version
/// `20240101120000` and the name `create_users`.
public struct SchemaFileName: Sendable, Hashable {
    /// Digits; a date and time in UTC, `yyyymmddHHMMSS`, where azu made it.
    public let version: String
    /// What the migration does.
    public let name: String

    /// Puts a name together out of its parts.
    public init(version: String, name: String) {
        self.version = version
        self.name = name
    }

    /// Takes a file's name, without its folder, apart; `nil` if it can't be that of a migration.
    public init?(parsing fileName: String) {
        let version = fileName.prefix { $0.isASCII && $0.isNumber }
        let rest = fileName.dropFirst(version.count)
        guard (1...255).contains(version.count), rest.hasPrefix("_"), rest.hasSuffix(".sql") else { return nil }
        let name = rest.dropFirst().dropLast(4)
        let isName = name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "_-.".contains($0)) }
        guard !name.isEmpty, name.count <= 255, isName else { return nil }
        self.init(version: String(version), name: String(name))
    }

    /// The name of the file.
    public var fileName: String { "\(version)_\(name).sql" }
}
