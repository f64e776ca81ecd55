public import Foundation

/// A piece of SQL whose interpolated values are bound, never spliced.
///
///     let name = "O'Brien"
///     let query: SQL = "SELECT * FROM users WHERE name = \(name) AND id IN \([1, 2, 3])"
///     // SQLite:     SELECT * FROM users WHERE name = ? AND id IN (?, ?, ?)
///     // PostgreSQL: SELECT * FROM users WHERE name = $1 AND id IN ($2, $3, $4)
///
/// - `\(value)` binds a ``ValueConvertible`` value; an array becomes a parenthesised list, and an empty array a list
///   that nothing is in.
/// - `\(identifier: "users")` is a quoted name; `"shop.users"` is quoted in its parts.
/// - `\(sql)` puts another `SQL` in its place, with its bound values.
/// - `\(raw: text)` splices text as it is. Never pass it anything that came from outside.
public struct SQL: Sendable, Hashable {
    enum Fragment: Sendable, Hashable {
        case text(String)
        case value(Value)
        case list([Value])
        case identifier(String)
    }

    var fragments: [Fragment] = []

    /// Makes a piece of SQL out of text that is known to be safe.
    public init(raw text: String) { fragments = [.text(text)] }

    /// Whether there is nothing in it.
    public var isEmpty: Bool {
        fragments.allSatisfy { if case .text(let text) = $0 { text.isEmpty } else { false } }
    }

    /// The values that are bound, in order, lists flattened.
    public var values: [Value] {
        fragments.flatMap { fragment -> [Value] in
            switch fragment {
            case .value(let value): [value]
            case .list(let values): values
            case .text, .identifier: []
            }
        }
    }

    /// The same SQL with other bound values, in the order of ``values``; `nil` if their number differs.
    public func binding(_ values: [Value]) -> SQL? {
        guard values.count == self.values.count else { return nil }
        var rest = values[...]
        var copy = self
        copy.fragments = fragments.map { fragment in
            switch fragment {
            case .value: return .value(rest.removeFirst())
            case .list(let list):
                defer { rest = rest.dropFirst(list.count) }
                return .list(Array(rest.prefix(list.count)))
            case .text, .identifier: return fragment
            }
        }
        return copy
    }

    /// Puts two pieces behind each other.
    public static func + (left: SQL, right: SQL) -> SQL {
        var sum = left
        sum.fragments += right.fragments
        return sum
    }

    /// Puts a piece behind this one.
    public static func += (left: inout SQL, right: SQL) { left.fragments += right.fragments }

    /// The pieces with `separator` between them.
    public static func joined(_ pieces: [SQL], separator: String) -> SQL {
        var result = SQL(raw: "")
        for (index, piece) in pieces.enumerated() {
            if index > 0 { result.fragments.append(.text(separator)) }
            result.fragments += piece.fragments
        }
        return result
    }

    /// Quoted names with commas between them, as for a column list.
    public static func identifiers(_ names: [String]) -> SQL {
        joined(names.map { "\(identifier: $0)" }, separator: ", ")
    }
}

extension SQL: ExpressibleByStringInterpolation {
    /// Makes a piece of SQL of a literal in the source.
    public init(stringLiteral text: String) { self.init(raw: text) }

    /// Makes a piece of SQL of an interpolated literal.
    public init(stringInterpolation: Interpolation) { fragments = stringInterpolation.fragments }

    /// Collects the parts of an interpolated literal.
    public struct Interpolation: StringInterpolationProtocol {
        var fragments: [Fragment] = []

        /// Starts an interpolation.
        public init(literalCapacity: Int, interpolationCount: Int) {
            fragments.reserveCapacity(interpolationCount * 2 + 1)
        }

        /// Adds text of the source.
        public mutating func appendLiteral(_ literal: String) {
            if !literal.isEmpty { fragments.append(.text(literal)) }
        }

        /// Binds a value.
        public mutating func appendInterpolation(_ value: some ValueConvertible) {
            fragments.append(.value(value.databaseValue))
        }

        /// Binds a value, or NULL.
        public mutating func appendInterpolation<Wrapped: ValueConvertible>(_ value: Wrapped?) {
            fragments.append(.value(value.databaseValue))
        }

        /// Binds each element of a list, in parentheses.
        public mutating func appendInterpolation(_ values: some Sequence<some ValueConvertible>) {
            fragments.append(.list(values.map(\.databaseValue)))
        }

        /// Binds text, which is a sequence, too, as one value.
        public mutating func appendInterpolation(_ text: String) { fragments.append(.value(.text(text))) }

        /// Binds a slice of text as one value.
        public mutating func appendInterpolation(_ text: Substring) { fragments.append(.value(.text(String(text)))) }

        /// Binds bytes, which are a sequence, too, as one value.
        public mutating func appendInterpolation(_ bytes: Data) { fragments.append(.value(bytes.databaseValue)) }

        /// Puts another piece of SQL in its place.
        public mutating func appendInterpolation(_ sql: SQL) { fragments += sql.fragments }

        /// Adds a quoted name.
        public mutating func appendInterpolation(identifier name: String) { fragments.append(.identifier(name)) }

        /// Adds text as it is.
        ///
        /// Never pass it anything that came from outside.
        public mutating func appendInterpolation(raw text: String) { fragments.append(.text(text)) }
    }
}
