/// Where something stands in a file.
public struct SQLPosition: Sendable, Hashable {
    /// The line, from 1.
    public var line: Int
    /// The column, from 1; it counts `Character`s.
    public var column: Int

    /// Makes a position.
    public init(line: Int, column: Int) {
        self.line = line
        self.column = column
    }
}
