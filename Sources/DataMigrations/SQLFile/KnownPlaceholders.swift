import MigrationNaming

/// The placeholders that may stand in a file of SQL.
struct KnownPlaceholders: Sendable {
    /// The moment when the run began.
    static let now = "now"
    /// Names that no parameter can have.
    static let reserved: Set<String> = [now, SQLBody.range, SQLBody.row]

    /// The file's own.
    let parameters: [FileParameter]

    /// What is wrong with a placeholder.
    ///
    /// - Parameters:
    ///   - name: what stands between its braces.
    ///   - own: those that may stand in this place only, as they are told to a person.
    ///   - place: the place, as the end of a sentence.
    /// - Returns: what is wrong, with the names that there are; `nil` if nothing is.
    func problem(with name: String, besides own: [String] = [], in place: String = "") -> String? {
        let names = [Self.now] + parameters.map(\.name)
        guard !names.contains(name) else { return nil }
        let meant =
            Nearest.names(to: name.lowercased(), among: names, separator: "_").first.map { "did you mean {\($0)}? " }
            ?? ""
        let known = own + ["{\(Self.now)} (when the run began)"] + parameters.map { "{\($0.name)}" }
        let list = "there \(known.count == 1 ? "is" : "are") \(known.joined(separator: ", "))"
        return "there is no placeholder {\(name)}\(place); \(meant)\(list)"
    }
}
