/// A point of the contract that a driver does not keep.
public struct ComplianceFailure: Error, Sendable, CustomStringConvertible {
    /// The name of the check.
    public let check: String
    /// One line: what was expected, and what came.
    public let explanation: String

    /// The check and its explanation.
    public var description: String { "\(check): \(explanation)" }
}
