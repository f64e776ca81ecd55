public import Database
import Foundation

/// What values a parameter may have, and how they are written.
public struct ParameterType: Sendable, Hashable {
    /// What kind of value it is.
    public enum Kind: String, Sendable, Hashable, Codable {
        /// Any text.
        case text
        /// An integer of 64 bits.
        case integer
        /// A floating point number.
        case number
        /// `true`, `yes`, `on`, `1`, or their opposites.
        case boolean
        /// `2024-01-31`, `2024-01-31 23:59`, `2024-01-31T23:59:59Z`, `… +02:00`; UTC without a zone.
        case date
    }

    /// What kind of value it is.
    public var kind: Kind
    /// The only texts that are taken; any, if there are none.
    public var choices: [String] = []
    /// Whether there need not be a value.
    public var isOptional = false

    /// Any text.
    public static let text = ParameterType(kind: .text)
    /// An integer.
    public static let integer = ParameterType(kind: .integer)
    /// A number.
    public static let number = ParameterType(kind: .number)
    /// A truth value.
    public static let boolean = ParameterType(kind: .boolean)
    /// A day, or an instant.
    public static let date = ParameterType(kind: .date)

    /// Makes a type.
    public init(kind: Kind, choices: [String] = [], isOptional: Bool = false) {
        self.kind = kind
        self.choices = choices
        self.isOptional = isOptional
    }

    /// Reads a type as a file names it: `date`, `integer`, `text`, `number`, `boolean`, or what SQL and Swift call them; with
    /// a `?` behind it, it is optional.
    ///
    /// - Parameter name: in any case; `nil` comes of any other.
    public init?(name: String) {
        let isOptional = name.hasSuffix("?")
        let kind: Kind
        switch name.dropLast(isOptional ? 1 : 0).lowercased() {
        case "text", "string", "varchar": kind = .text
        case "integer", "int", "bigint": kind = .integer
        case "number", "double", "float", "real": kind = .number
        case "boolean", "bool": kind = .boolean
        case "date", "timestamp", "datetime": kind = .date
        default: return nil
        }
        self.init(kind: kind, isOptional: isOptional)
    }

    /// Reads a value as somebody writes it; `nil` if it is none.
    ///
    /// No text at all is NULL where the parameter is optional and has another kind than text.
    public func value(of text: String) -> Value? {
        if isOptional, text.isEmpty, kind != .text { return .null }
        let value: Value? =
            switch kind {
            case .text: .text(text)
            case .integer: Int64(text).map(Value.integer)
            case .number: Double(text).flatMap { $0.isFinite ? .double($0) : nil }
            case .boolean: Self.truths[text.lowercased()].map(Value.bool)
            case .date: Timestamp.parse(text).map(Value.date)
            }
        guard let value, choices.isEmpty || choices.contains(self.text(of: value)) else { return nil }
        return value
    }

    private static let truths = [
        "true": true, "yes": true, "on": true, "1": true, "t": true, "y": true,
        "false": false, "no": false, "off": false, "0": false, "f": false, "n": false,
    ]

    /// Writes a value such that it can be read again; NULL as no text.
    public func text(of value: Value) -> String {
        switch value {
        case .text(let text): return text
        case .integer(let integer): return String(integer)
        case .double(let double): return String(double)
        case .bool(let bool): return bool ? "true" : "false"
        case .date(let date):
            let text = Timestamp.format(date)
            return text.hasSuffix(" 00:00:00") ? String(text.dropLast(9)) : text
        default: return ""
        }
    }

    /// Whether a value is of this type.
    func holds(_ value: Value) -> Bool {
        let isKind =
            switch (kind, value) {
            case (.text, .text), (.integer, .integer), (.number, .double), (.boolean, .bool), (.date, .date): true
            case (_, .null): isOptional
            default: false
            }
        return isKind && (choices.isEmpty || value.isNull || choices.contains(text(of: value)))
    }

    /// What it takes, in words.
    var expectation: String {
        if !choices.isEmpty { return "one of \(choices.joined(separator: ", "))" }
        return switch kind {
        case .text: "a text"
        case .integer: "an integer"
        case .number: "a number"
        case .boolean: "true or false"
        case .date: "a date, such as 2024-01-31 or 2024-01-31T23:59:59Z"
        }
    }
}
