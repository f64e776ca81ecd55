import Foundation

extension String {
    /// The text without blanks, tabs and line breaks at its ends.
    public func trimmingWhitespace() -> String { trimmingCharacters(in: .whitespacesAndNewlines) }
}
