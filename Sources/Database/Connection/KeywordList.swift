/// A list of `key=value`, as libpq takes it apart: `host=db.example password='it\'s'`.
package struct KeywordList {
    /// One `key=value`.
    package struct Pair: Sendable {
        /// The key.
        package let name: String
        /// The value without quotes and backslashes.
        package let value: String
        /// As it stands in the list.
        package let text: String
    }

    /// As many as can be read.
    package private(set) var pairs: [Pair] = []
    /// Whether all of the text was read.
    package private(set) var isWhole = false
    private var rest: ArraySlice<UInt8>

    /// Reads a list.
    package init(_ text: String) {
        // By bytes: with an accent behind it, a quote is another `Character`, and a quote to libpq all the same.
        rest = Array(text.utf8)[...]
        skipBlanks()
        while !rest.isEmpty {
            guard let pair = pair() else { return }
            pairs.append(pair)
            skipBlanks()
        }
        isWhole = true
    }

    private mutating func pair() -> Pair? {
        let whole = rest
        let name = rest.prefix { $0 != UInt8(ascii: "=") && !Self.isBlank($0) }
        rest = rest.dropFirst(name.count)
        skipBlanks()
        guard rest.popFirst() == UInt8(ascii: "=") else { return nil }
        skipBlanks()
        guard let value = value() else { return nil }
        return Pair(
            name: String(decoding: name, as: UTF8.self),
            value: value,
            text: String(decoding: whole[..<rest.startIndex], as: UTF8.self)
        )
    }

    /// A value, in quotes or up to the next blank; `nil` if a quote is never closed.
    private mutating func value() -> String? {
        let isQuoted = rest.first == UInt8(ascii: "'")
        if isQuoted { rest = rest.dropFirst() }
        var value: [UInt8] = []
        while let byte = rest.first, isQuoted ? byte != UInt8(ascii: "'") : !Self.isBlank(byte) {
            rest = rest.dropFirst()
            if byte != UInt8(ascii: "\\") {
                value.append(byte)
            } else if let next = rest.popFirst() {
                value.append(next)
            }
        }
        if isQuoted, rest.popFirst() == nil { return nil }
        return String(decoding: value, as: UTF8.self)
    }

    private mutating func skipBlanks() { rest = rest.drop(while: Self.isBlank) }

    /// As C's `isspace`.
    private static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || 9...13 ~= byte }
}
