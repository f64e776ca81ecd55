import Database
import SQLFiles

/// A statement of a file that the database refused.
struct StatementFailure: Error {
    var statement: SQLStatement
    /// Its number in the script, from 0.
    var index: Int
    var place: String
    var cause: DatabaseError

    /// What a person is told: the place in the file, and the database's words.
    ///
    /// - Parameter consequence: what became of the file.
    /// - Returns: one line.
    func error(_ consequence: String) -> SQLFileError {
        var message = cause.description
        if message.contains("transaction block") || message.contains("within a transaction") {
            message += "; with a line -- azu:no-transaction, statements are run one by one"
        }
        return SQLFileError(file: place, position: position, message: "\(message) (\(consequence))")
    }

    /// Where the database met the error; the statement's beginning, where it does not say.
    private var position: SQLPosition {
        guard let number = cause.position, number > 1 else { return statement.position }
        let before = String(String.UnicodeScalarView(statement.text.unicodeScalars.prefix(number - 1)))
        let lines = before.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        let column = (lines.last?.count ?? 0) + 1
        guard lines.count > 1 else {
            return SQLPosition(line: statement.position.line, column: statement.position.column + column - 1)
        }
        return SQLPosition(line: statement.position.line + lines.count - 1, column: column)
    }
}
