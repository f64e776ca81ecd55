/// SQL as a database receives it: text with placeholders, and the values for them.
public struct RenderedSQL: Sendable, Hashable {
    /// The statement, with a placeholder for each value.
    public var text: String
    /// The values, in the order of the placeholders.
    public var values: [Value]
}

extension SQL {
    /// Writes the statement in the words of a database.
    public func rendered(for dialect: any Dialect) -> RenderedSQL {
        var result = RenderedSQL(text: "", values: [])
        for fragment in fragments {
            switch fragment {
            case .text(let text): result.text += text
            case .identifier(let name): result.text += dialect.quoted(name)
            case .value(let value): result.bind(value, dialect)
            case .list(let values) where dialect.bindsListsAsArrays && result.endInOperator():
                result.bind(.array(values), dialect)
                result.text += ")"
            case .list(let values):
                // An empty list is not SQL in every database; this one is, and `NOT IN` means what it says.
                guard !values.isEmpty else {
                    result.text += "(SELECT NULL WHERE 1 = 0)"
                    continue
                }
                result.text += "("
                for (index, value) in values.enumerated() {
                    if index > 0 { result.text += ", " }
                    result.bind(value, dialect)
                }
                result.text += ")"
            }
        }
        return result
    }
}

extension RenderedSQL {
    /// Puts `= ANY (` in the place of an `IN` at the end, and `<> ALL (` in that of a `NOT IN`.
    ///
    /// - Returns: whether there was one.
    fileprivate mutating func endInOperator() -> Bool {
        for (word, replacement) in [(" NOT IN", " <> ALL ("), (" IN", " = ANY (")] {
            let end = text.utf8.lastIndex { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\n") }
            guard let end, text[...end].utf8.count >= word.utf8.count else { return false }
            let trimmed = text[...end]
            guard trimmed.suffix(word.count).uppercased() == word else { continue }
            text = trimmed.dropLast(word.count) + replacement
            return true
        }
        return false
    }

    fileprivate mutating func bind(_ value: Value, _ dialect: any Dialect) {
        values.append(value)
        text += dialect.placeholder(values.count)
    }
}
