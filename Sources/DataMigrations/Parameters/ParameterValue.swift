public import Database
public import Foundation

/// A type that a ``Parameter`` can have.
///
/// These are `String`, `Int`, `Int64`, `Double`, `Bool`, `Date`, an optional one of them, or an enumeration with a raw value,
/// which needs no code:
///
///     enum Region: String, CaseIterable, ParameterValue { case north, south }
public protocol ParameterValue: Sendable {
    /// How its values are written.
    static var parameterType: ParameterType { get }

    /// Makes a value out of what a run has stored; `nil` if it is none.
    init?(parameterValue value: Value)

    /// What a run stores.
    var parameterValue: Value { get }
}

extension String: ParameterValue {
    /// Any text.
    public static var parameterType: ParameterType { .text }
    /// Makes a string out of text.
    public init?(parameterValue value: Value) {
        guard case .text(let text) = value else { return nil }
        self = text
    }
    /// The text.
    public var parameterValue: Value { .text(self) }
}

extension Int: ParameterValue {
    /// An integer.
    public static var parameterType: ParameterType { .integer }
    /// Makes an integer out of one.
    public init?(parameterValue value: Value) {
        guard case .integer(let integer) = value else { return nil }
        self.init(exactly: integer)
    }
    /// The integer.
    public var parameterValue: Value { .integer(Int64(self)) }
}

extension Int64: ParameterValue {
    /// An integer.
    public static var parameterType: ParameterType { .integer }
    /// Makes an integer out of one.
    public init?(parameterValue value: Value) {
        guard case .integer(let integer) = value else { return nil }
        self = integer
    }
    /// The integer.
    public var parameterValue: Value { .integer(self) }
}

extension Double: ParameterValue {
    /// A number.
    public static var parameterType: ParameterType { .number }
    /// Makes a number out of one.
    public init?(parameterValue value: Value) {
        switch value {
        case .double(let double): self = double
        // What was an integer when the run began.
        case .integer(let integer): self.init(exactly: integer)
        default: return nil
        }
    }
    /// The number.
    public var parameterValue: Value { .double(self) }
}

extension Bool: ParameterValue {
    /// True or false.
    public static var parameterType: ParameterType { .boolean }
    /// Makes a truth value out of one.
    public init?(parameterValue value: Value) {
        guard case .bool(let bool) = value else { return nil }
        self = bool
    }
    /// The truth value.
    public var parameterValue: Value { .bool(self) }
}

extension Date: ParameterValue {
    /// A day, or an instant.
    public static var parameterType: ParameterType { .date }
    /// Makes an instant out of one.
    public init?(parameterValue value: Value) {
        guard case .date(let date) = value else { return nil }
        self = date
    }
    /// The instant.
    public var parameterValue: Value { .date(self) }
}

extension Optional: ParameterValue where Wrapped: ParameterValue {
    /// The same, or nothing.
    public static var parameterType: ParameterType {
        var type = Wrapped.parameterType
        type.isOptional = true
        return type
    }
    /// Makes `nil` out of NULL.
    public init?(parameterValue value: Value) {
        if value.isNull {
            self = nil
        } else {
            guard let wrapped = Wrapped(parameterValue: value) else { return nil }
            self = wrapped
        }
    }
    /// The wrapped value's, or NULL.
    public var parameterValue: Value { self?.parameterValue ?? .null }
}

extension RawRepresentable where Self: ParameterValue, RawValue: ParameterValue {
    /// How its raw values are written.
    public static var parameterType: ParameterType { RawValue.parameterType }
    /// Makes the case with a raw value.
    public init?(parameterValue value: Value) {
        guard let raw = RawValue(parameterValue: value) else { return nil }
        self.init(rawValue: raw)
    }
    /// The raw value.
    public var parameterValue: Value { rawValue.parameterValue }
}

extension RawRepresentable where Self: ParameterValue & CaseIterable, RawValue: ParameterValue {
    /// One of the raw values.
    public static var parameterType: ParameterType {
        var type = RawValue.parameterType
        type.choices = allCases.map { type.text(of: $0.parameterValue) }
        return type
    }
}
