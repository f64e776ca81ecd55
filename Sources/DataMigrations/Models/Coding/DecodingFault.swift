/// A field that can't be read as the type of its property: the row's own fault.
public struct DecodingFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// The column or the header of the field.
    public var column: String
    /// What is wrong, without the value: `is not a date`.
    public var problem: String

    /// `column created_at is not a date`.
    public var description: String { "column \(column) \(problem)" }
}
