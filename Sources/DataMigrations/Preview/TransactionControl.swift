import Database

/// What a statement does to the transaction that is open; also one that is written out as SQL.
enum TransactionControl: Sendable {
    /// Begins one.
    case begin
    /// Ends it, and keeps what was done.
    case commit
    /// Ends it, and drops what was done.
    case rollback
    /// Begins or ends a part of it.
    case savepoint
    /// Does with it what can't be done with a part of another one.
    case other

    /// `nil` for a statement that does none of these.
    init?(_ statement: Statement, _ dialect: any Dialect) {
        switch statement.action {
        case .begin: self = .begin
        case .commit: self = .commit
        case .rollback: self = .rollback
        case .savepoint, .release, .rollbackTo: self = .savepoint
        case .execute(let sql), .query(let sql): self.init(sql: sql.rendered(for: dialect).text)
        case .insert, .update, .delete, .select, .checkConstraints: return nil
        }
    }

    /// `nil` for SQL that does none of these.
    init?(sql: String) {
        // PostgreSQL has comments within comments, and SQLite has none.
        for nests in [false, true] {
            guard let control = Self.control(Self.firstWords(of: sql, nests: nests)) else { continue }
            self = control
            return
        }
        return nil
    }

    private static func control(_ words: [String]) -> TransactionControl? {
        let isChained = words.contains("CHAIN") && !words.contains("NO")
        let isOther = isChained || words.contains("PREPARED")
        switch words.first ?? "" {
        case "BEGIN", "START": return .begin
        case "COMMIT", "END": return isOther ? .other : .commit
        case "ROLLBACK", "ABORT":
            if words.contains("TO") { return .savepoint }
            return isOther ? .other : .rollback
        case "SAVEPOINT", "RELEASE": return .savepoint
        case "PREPARE": return words.dropFirst().first == "TRANSACTION" ? .other : nil
        default: return nil
        }
    }

    /// In capitals, behind comments.
    private static func firstWords(of sql: String, nests: Bool) -> [String] {
        sql.behindComments(and: ";", nests: nests).prefix(100).uppercased().split { !$0.isLetter }.map(String.init)
    }
}
