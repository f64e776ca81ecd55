public import Foundation

/// A Swift type whose instances can be bound to a statement with `\( )`, and stored in a column.
///
/// Enumerations with a raw value need no code: `enum Status: String, Codable, ValueConvertible { … }`.
public protocol ValueConvertible {
    /// What is bound for this instance.
    var databaseValue: Value { get }
}

extension Value: ValueConvertible {
    /// The value itself.
    public var databaseValue: Value { self }
}

extension String: ValueConvertible {
    /// The string as text.
    public var databaseValue: Value { .text(self) }
}

extension Substring: ValueConvertible {
    /// The characters as text.
    public var databaseValue: Value { .text(String(self)) }
}

extension Bool: ValueConvertible {
    /// The Boolean.
    public var databaseValue: Value { .bool(self) }
}

extension Double: ValueConvertible {
    /// The number.
    public var databaseValue: Value { .double(self) }
}

extension Float: ValueConvertible {
    /// The number, widened.
    public var databaseValue: Value { .double(Double(self)) }
}

extension BinaryInteger where Self: ValueConvertible {
    /// The integer; one that does not fit 64 bits with a sign is bound as a decimal.
    public var databaseValue: Value {
        if let value = Int64(exactly: self) { return .integer(value) }
        return Decimal(string: String(self)).map(Value.decimal) ?? .text(String(self))
    }
}

extension Int: ValueConvertible {}
extension Int8: ValueConvertible {}
extension Int16: ValueConvertible {}
extension Int32: ValueConvertible {}
extension Int64: ValueConvertible {}
extension UInt: ValueConvertible {}
extension UInt8: ValueConvertible {}
extension UInt16: ValueConvertible {}
extension UInt32: ValueConvertible {}
extension UInt64: ValueConvertible {}

extension Date: ValueConvertible {
    /// The instant.
    public var databaseValue: Value { .date(self) }
}

extension UUID: ValueConvertible {
    /// The UUID.
    public var databaseValue: Value { .uuid(self) }
}

extension Decimal: ValueConvertible {
    /// The number.
    public var databaseValue: Value { .decimal(self) }
}

extension Data: ValueConvertible {
    /// The bytes.
    public var databaseValue: Value { .blob([UInt8](self)) }
}

extension Optional: ValueConvertible where Wrapped: ValueConvertible {
    /// The wrapped value, or SQL `NULL`.
    public var databaseValue: Value {
        // Not `map(\.databaseValue)`: the key path would be made anew for every value.
        if let value = self { value.databaseValue } else { .null }
    }
}

extension RawRepresentable where Self: ValueConvertible, RawValue: ValueConvertible {
    /// The raw value.
    public var databaseValue: Value { rawValue.databaseValue }
}
