/// A line `-- azu:NAME VALUE`, which is a comment to a database and an instruction to azu.
public struct SQLDirective: Sendable, Hashable {
    /// What stands behind `azu:`: letters, digits, `-` and `_`.
    public var name: String
    /// The rest of the line, without the blanks around it.
    public var value: String
    /// Where its `--` stands.
    public var position: SQLPosition
    /// Where the value begins; without one, where the name ends.
    public var valuePosition: SQLPosition

    /// Makes a directive.
    public init(name: String, value: String, position: SQLPosition, valuePosition: SQLPosition) {
        self.name = name
        self.value = value
        self.position = position
        self.valuePosition = valuePosition
    }
}
