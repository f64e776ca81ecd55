import Database

/// Takes an array apart as the server writes it: `{1,NULL,"a b",{2}}`.
///
/// By bytes: with an accent behind it, a comma or a quote is another `Character`, and a comma or a quote all the same.
struct ArrayLiteral {
    private var rest: ArraySlice<UInt8>
    /// Makes a value of an element's text; `nil` is NULL.
    private let value: (String?) -> Value

    init(_ text: String, element: @escaping (String?) -> Value) {
        rest = Array(text.utf8)[...]
        value = element
    }

    /// The whole array; `nil` if the text is none.
    mutating func list() -> Value? {
        // An array with other bounds starts with them: `[0:1]={1,2}`.
        if rest.first == UInt8(ascii: "["), let equals = rest.firstIndex(of: UInt8(ascii: "=")) {
            rest = rest[(equals + 1)...]
        }
        guard let list = list(depth: 1), rest.isEmpty else { return nil }
        return list
    }

    private mutating func list(depth: Int) -> Value? {
        guard depth <= ArrayReader.maximumDimensions, skip("{") else { return nil }
        var values: [Value] = []
        if skip("}") { return .array(values) }
        repeat {
            let isList = rest.first == UInt8(ascii: "{")
            guard let value = isList ? list(depth: depth + 1) : element() else { return nil }
            values.append(value)
        } while skip(",")
        // No `?:`, whose `nil` would be a value, SQL's NULL.
        guard skip("}") else { return nil }
        return .array(values)
    }

    private mutating func element() -> Value? {
        if skip("\"") { return quotedText().map { value($0) } }
        let word = rest.prefix { $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: "}") }
        rest = rest.dropFirst(word.count)
        if word.isEmpty { return nil }
        let text = String(decoding: word, as: UTF8.self)
        return value(text == "NULL" ? nil : text)
    }

    /// The text up to the closing quote; `nil` if there is none.
    private mutating func quotedText() -> String? {
        var text: [UInt8] = []
        while let byte = rest.popFirst(), byte != UInt8(ascii: "\"") {
            guard let sign = byte == UInt8(ascii: "\\") ? rest.popFirst() : byte else { return nil }
            text.append(sign)
        }
        // The loop ends at the quote, or where there is nothing more.
        return rest.isEmpty ? nil : String(decoding: text, as: UTF8.self)
    }

    private mutating func skip(_ sign: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: sign) else { return false }
        rest = rest.dropFirst()
        return true
    }
}
