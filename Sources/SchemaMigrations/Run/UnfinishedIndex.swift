/// What `CREATE INDEX CONCURRENTLY` leaves behind where it fails: an index that is kept up, and never used.
struct UnfinishedIndex {
    /// The index that the statement names; `nil` if it leaves that to the database.
    private let name: String?

    /// - Returns: `nil` for any other statement.
    init?(_ statement: String) {
        let pattern = #/(?i)^CREATE\s+(UNIQUE\s+)?INDEX\s+CONCURRENTLY\s+(IF\s+NOT\s+EXISTS\s+)?/#
        guard let head = statement.firstMatch(of: pattern) else { return nil }
        let rest = statement[head.range.upperBound...]
        if rest.firstMatch(of: #/(?i)^ON\s/#) != nil {
            name = nil
        } else {
            name = rest.firstMatch(of: #/^(("([^"]|"")*"|[^\s"(])+)/#).map { Self.plain(String($0.1)) }
        }
    }

    /// Whether the index is the one that the statement names.
    func isNamed(_ index: String) -> Bool { name != nil && Self.plain(index) == name }

    /// The name without its schema and quotes.
    private static func plain(_ name: String) -> String {
        if name.hasSuffix("\"") {
            let inner = name.dropLast().replacing("\"\"", with: "\u{0}")
            let start = inner.lastIndex(of: "\"").map { inner.index(after: $0) } ?? inner.startIndex
            return String(inner[start...]).replacing("\u{0}", with: "\"")
        }
        return (name.split(separator: ".").last.map(String.init) ?? name).lowercased()
    }

    /// What to do about one.
    static func advice(_ name: String) -> String {
        "; the index \(name) is INVALID, so it costs time and is never used: DROP INDEX CONCURRENTLY \(name), then try again"
    }
}
