public import Foundation

/// A value that can be bound to a statement, in the types that every supported database knows.
///
/// A driver maps each case to the nearest type of its database. SQLite, which has five storage classes, stores
/// `bool` as 0 or 1, and `date`, `uuid`, `json` and `decimal` as text.
public enum Value: Sendable, Hashable {
    /// SQL `NULL`.
    case null
    /// A signed 64-bit integer.
    case integer(Int64)
    /// A 64-bit floating point number.
    case double(Double)
    /// A Boolean.
    case bool(Bool)
    /// A string.
    case text(String)
    /// Raw bytes.
    case blob([UInt8])
    /// An instant, written in UTC.
    case date(Date)
    /// A UUID.
    case uuid(UUID)
    /// A JSON document, as its text.
    case json(String)
    /// An exact decimal number.
    case decimal(Decimal)
    /// A list of values: an array where the database has such a type, the text of a JSON array elsewhere.
    case array([Value])

    /// Whether this is SQL `NULL`.
    public var isNull: Bool {
        if case .null = self { true } else { false }
    }
}

extension Value: ExpressibleByNilLiteral, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral
{
    /// Makes SQL `NULL`.
    public init(nilLiteral: ()) { self = .null }
    /// Makes a text value.
    public init(stringLiteral value: String) { self = .text(value) }
    /// Makes an integer value.
    public init(integerLiteral value: Int64) { self = .integer(value) }
    /// Makes a floating point value.
    public init(floatLiteral value: Double) { self = .double(value) }
    /// Makes a Boolean value.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
}

extension Value {
    /// A value that JSON has a type for: NULL, a Boolean, an integer or text; `nil` for anything else.
    package init?(plain single: any SingleValueDecodingContainer) {
        if single.decodeNil() {
            self = .null
        } else if let bool = try? single.decode(Bool.self) {
            self = .bool(bool)
        } else if let integer = try? single.decode(Int64.self) {
            self = .integer(integer)
        } else if let text = try? single.decode(String.self) {
            self = .text(text)
        } else {
            return nil
        }
    }
}
