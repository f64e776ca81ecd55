/// What is wrong with a file, and where.
public struct SQLFileError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The file, as a person finds it.
    public let file: String
    /// Where it is wrong.
    public let position: SQLPosition
    /// What is wrong.
    public let message: String

    /// Makes an error.
    public init(file: String, position: SQLPosition, message: String) {
        self.file = file
        self.position = position
        self.message = message
    }

    /// One line, `db/x.sql:3:14: …`, in the form in which editors jump to it.
    public var description: String {
        let line = message.split(whereSeparator: \.isNewline).joined(separator: " ")
        return "\(file):\(position.line):\(position.column): \(line)"
    }
}
