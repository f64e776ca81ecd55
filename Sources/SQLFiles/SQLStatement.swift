/// A statement of a file.
public struct SQLStatement: Sendable, Hashable {
    /// The statement as it is written, without its semicolon and the comments around it.
    public var text: String
    /// Where it begins.
    public var position: SQLPosition

    /// Makes a statement.
    public init(text: String, position: SQLPosition) {
        self.text = text
        self.position = position
    }
}
