import CLibPQ
import Database
import Foundation

/// Turns what PostgreSQL complains about into the errors of the contract.
enum PostgresFailure {
    /// A guard of ``GuardedSQL`` that did not hold raises with this word.
    static let guardMark = "azu_guard:"

    /// The error in a result.
    static func error(_ result: OpaquePointer?, sql: String?) -> DatabaseError {
        func field(_ code: Character) -> String? {
            PQresultErrorField(result, Int32(code.asciiValue ?? 0)).map { String(cString: $0) }
        }
        guard let state = field("C") else {
            // Not the server's words but libpq's: what it got, if anything, was no answer.
            let text = String(cString: PQresultErrorMessage(result))
            return DatabaseError(.connectionLost, "the connection to PostgreSQL is lost" + reason(text), sql: sql)
        }
        let message = field("M") ?? "unknown error"
        if state == "22P02", let mark = message.range(of: guardMark) {
            let found = message[mark.upperBound...].prefix { $0.isNumber }
            return DatabaseError(.guardFailed, "\(found) rows were changed where another number had to be", sql: sql)
        }
        let notes = [field("D"), field("H").map { "hint: \($0)" }, field("W")].compactMap { $0 }
        var (code, kind) = classify(state)
        // A row that a policy's WITH CHECK does not let in.
        if state == "42501", message.contains("row-level security") { (code, kind) = (.checkViolation, nil) }
        // A prepared statement does not outlive a change of its table; it is prepared anew.
        if state == "0A000", message.hasPrefix("cached plan") { (code, kind) = (.tableChanged, nil) }
        // What a standby says to BEGIN READ WRITE.
        if state == "0A000", message.hasSuffix("during recovery") { (code, kind) = (.readOnly, .retryable) }
        var error = DatabaseError(
            code,
            text(state, message),
            kind: kind,
            detail: notes.isEmpty ? nil : notes.joined(separator: "\n"),
            sql: sql,
            constraint: constraint(state, table: field("t"), column: field("c"), detail: field("D"))
        )
        error.position = field("P").flatMap { Int($0) }
        return error
    }

    /// The server has not said a word for too long.
    static func silent(for limit: Duration) -> DatabaseError {
        let seconds = limit.formatted(.units(allowed: [.seconds, .milliseconds], width: .abbreviated))
        return DatabaseError(.connectionLost, "the connection to PostgreSQL is lost: no answer for \(seconds)")
    }

    /// The session is gone.
    static func lost(_ connection: OpaquePointer?) -> DatabaseError {
        let message = connection.map { String(cString: PQerrorMessage($0)) } ?? ""
        return DatabaseError(.connectionLost, "the connection to PostgreSQL is lost" + reason(message))
    }

    /// The session could not be opened.
    static func cannotOpen(_ connection: OpaquePointer?, place: String) -> DatabaseError {
        let message = connection.map { String(cString: PQerrorMessage($0)) } ?? ""
        // No room, or a server that starts: it may be there in a moment.
        let passes = ["too many", "starting up", "shutting down", "recovery mode", "remaining connection slots"]
            .contains { message.contains($0) }
        return DatabaseError(
            .cannotOpen,
            "can't connect to PostgreSQL at \(place)" + reason(message),
            kind: passes ? .retryable : .fatal
        )
    }

    private static func reason(_ message: String) -> String {
        let lines = message.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
        return lines.isEmpty ? "" : ": " + lines.joined(separator: " ")
    }

    // MARK: Classes of errors

    private static func classify(_ state: String) -> (DatabaseError.Code, DatabaseError.Kind?) {
        switch state {
        case "23505", "23P01": (.uniqueViolation, nil)
        case "23503", "23001": (.foreignKeyViolation, nil)
        case "23502": (.notNullViolation, nil)
        case "23514", "P0001", "44000": (.checkViolation, nil)
        case "55P03", "55006": (.busy, nil)
        case "40001", "40P01": (.conflict, nil)
        case "57014": (.timedOut, nil)
        case "53300": (.overloaded, nil)
        case "25P03", "57P01", "57P02", "57P03", "57P05": (.connectionLost, nil)
        case "53100": (.diskFull, nil)
        // After a failover, another server takes writes.
        case "25006": (.readOnly, .retryable)
        case "42P01": (.missingTable, nil)
        case "42703": (.missingColumn, nil)
        case "42601": (.syntax, nil)
        case "XX001", "XX002": (.corrupt, nil)
        default:
            switch state.prefix(2) {
            case "22": (.invalidData, nil)
            case "23": (.checkViolation, nil)
            case "08": (.connectionLost, nil)
            default: (.other, nil)
            }
        }
    }

    /// The message without values: those of class 22 quote what could not be read.
    private static func text(_ state: String, _ message: String) -> String {
        switch state {
        case "26000", "42P05":
            return "\(message): behind a pooler that gives each transaction another session, "
                + "add ?pooled=true to the database URL"
        case _ where state.hasPrefix("22"):
            return message.replacing(#/:?\s*".*"/#.dotMatchesNewlines()) { match in
                match.output.hasPrefix(":") ? "" : " a value"
            }.trimmingCharacters(in: .whitespaces)
        case "53100": return "\(message): the disk of the server is full; make room, then run again"
        case "57014":
            return "\(message); statement_timeout in the database URL says how long one may take"
        // `syntax error in tsquery: "…"`
        default: return message.replacing(#/:\s*".*"$/#.dotMatchesNewlines(), with: "")
        }
    }

    /// The columns of a constraint: those that `Key (name)=(…) already exists.` names.
    private static func constraint(
        _ state: String,
        table: String?,
        column: String?,
        detail: String?
    ) -> DatabaseError.Constraint? {
        guard state.hasPrefix("23") else { return nil }
        if let column { return .init(table: table, columns: [column]) }
        guard let detail, let start = detail.firstIndex(of: "("), let end = detail.range(of: ")=(") else {
            return table.map { .init(table: $0, columns: []) }
        }
        let names = detail[detail.index(after: start)..<end.lowerBound].split(separator: ", ").map { name in
            name.hasPrefix("\"") ? String(name.dropFirst().dropLast()).replacing("\"\"", with: "\"") : String(name)
        }
        return .init(table: table, columns: names)
    }
}
