/// A schema migration that is to be written: what makes a change, and what takes it back.
struct SchemaDraft: Equatable {
    /// In snake case.
    var name: String
    /// What stands before everything else, a line each.
    var notes: [String] = []
    /// Statements without their semicolons, and comments.
    var up: [String]
    /// The same for the way back; `nil` if there is none.
    var down: [String]?
    var isTransactional = true

    /// The file.
    ///
    /// - Parameters:
    ///   - version: its version.
    ///   - date: when it is written.
    /// - Returns: its text.
    func text(version: String, date: String) -> String {
        let words = name.split(separator: "_").joined(separator: " ")
        var lines = [
            "-- \(words.prefix(1).uppercased())\(words.dropFirst())", "--", "-- Created: \(date)",
            "-- Run:     azu db:migrate --version \(version)",
        ]
        if down != nil { lines.append("-- Undo:    azu db:rollback --version \(version)") }
        if !notes.isEmpty { lines += ["--"] + notes.map { "-- \($0)" } }
        lines.append("")
        if !isTransactional { lines += ["-- azu:no-transaction", ""] }
        lines += ["-- azu:up"] + up.map(Self.ended)
        if let down { lines += ["", "-- azu:down"] + down.map(Self.ended) }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func ended(_ statement: String) -> String {
        statement.hasPrefix("--") ? statement : statement + ";"
    }
}
