extension SQLShape {
    /// Reads what a statement does.
    init(reading text: String) {
        var reader = ShapeReader(text)
        self = reader.shape() ?? SQLShape()
        if body.isEmpty { body = text }
    }
}

/// Takes a statement apart along the keywords that stand outside of brackets.
private struct ShapeReader {
    private let bytes: [UInt8]
    private let tokens: [SQLToken]
    private var index = 0

    init(_ text: String) {
        bytes = Array(text.utf8)
        tokens = SQLTokenizer.tokens(bytes)
    }

    /// What it does; `nil` where that is in doubt.
    mutating func shape() -> SQLShape? {
        var shape = SQLShape()
        // What writes inside of brackets is a part of a statement that does two things.
        guard isReading(tokens.indices.filter { tokens[$0].depth > 0 }) else { return nil }
        if word == "WITH" {
            guard skipCommonTables() else { return nil }
            shape.with = text(0..<index) + " "
        }
        switch word {
        case "UPDATE": guard readUpdate(into: &shape) else { return nil }
        case "DELETE": guard readDelete(into: &shape) else { return nil }
        case "INSERT": guard readInsert(into: &shape) else { return nil }
        case "SELECT", "VALUES", "TABLE", "SHOW", "SET", "RESET", "LOCK", "ANALYZE", "NOTIFY", "PRAGMA":
            // `SELECT … INTO` makes a table.
            guard find(["INTO"], from: index) == nil else { return nil }
            shape.verb = .read
        default: return nil
        }
        shape.mentions = mentions()
        return shape
    }

    // MARK: Kinds of statements

    private mutating func readUpdate(into shape: inout SQLShape) -> Bool {
        index += 1
        guard skipAction(["ABORT", "IGNORE"]), readTable(into: &shape, before: ["SET"]), word == "SET" else {
            return false
        }
        let start = index + 1
        guard find(["ORDER", "LIMIT"], from: start) == nil else { return false }
        let ends = ends(from: start, others: "FROM")
        shape.verb = .update
        shape.columns = assigned(start..<(ends.others ?? ends.condition ?? ends.end))
        return finish(&shape, ends)
    }

    private mutating func readDelete(into shape: inout SQLShape) -> Bool {
        index += 1
        guard word == "FROM" else { return false }
        index += 1
        guard readTable(into: &shape, before: ["USING", "WHERE", "RETURNING"]) else { return false }
        guard find(["ORDER", "LIMIT"], from: index) == nil else { return false }
        let ends = ends(from: index, others: "USING")
        // Something that is not known stands behind the table.
        guard index == ends.others ?? ends.condition ?? ends.end else { return false }
        shape.verb = .delete
        return finish(&shape, ends)
    }

    private mutating func readInsert(into shape: inout SQLShape) -> Bool {
        index += 1
        guard skipAction(["ABORT", "IGNORE"]), word == "INTO" else { return false }
        index += 1
        let sources: Set = ["VALUES", "SELECT", "WITH", "DEFAULT", "OVERRIDING", "TABLE"]
        guard readTable(into: &shape, before: sources) else { return false }
        let returning = find(["RETURNING"], from: index) ?? tokens.count
        shape.verb = .insert
        var place = index
        while let on = find(["ON"], from: place), on < returning {
            if word(at: on + 1) == "CONFLICT", let then = find(["DO"], from: on), word(at: then + 1) == "UPDATE" {
                shape.verb = .upsert
            }
            place = on + 1
        }
        shape.body = text(0..<returning)
        return true
    }

    // MARK: Their parts

    private struct Ends {
        var others: Int?
        var condition: Int?
        /// Where RETURNING stands, or the statement ends.
        var end: Int
    }

    private func ends(from start: Int, others: String) -> Ends {
        let end = find(["RETURNING"], from: start) ?? tokens.count
        let condition = find(["WHERE"], from: start).flatMap { $0 < end ? $0 : nil }
        var place = find([others], from: start)
        // `IS DISTINCT FROM` is an operator.
        while let found = place, word(at: found - 1) == "DISTINCT" { place = find([others], from: found + 1) }
        return Ends(others: place.flatMap { $0 < condition ?? end ? $0 : nil }, condition: condition, end: end)
    }

    private func finish(_ shape: inout SQLShape, _ ends: Ends) -> Bool {
        if let others = ends.others { shape.others = text((others + 1)..<(ends.condition ?? ends.end)) }
        if let condition = ends.condition {
            guard word(at: condition + 1) != "CURRENT" || word(at: condition + 2) != "OF" else { return false }
            shape.condition = text((condition + 1)..<ends.end)
        }
        shape.body = text(0..<ends.end)
        return true
    }

    /// The columns on the left of `=`.
    private func assigned(_ range: Range<Int>) -> [String]? {
        var columns: [String] = []
        var place = range.lowerBound
        while place < range.upperBound {
            if tokens[place].kind == .sign(UInt8(ascii: "(")) {
                guard let end = closing(place) else { return nil }
                let names = (place + 1)..<end
                guard names.allSatisfy({ isName($0) || tokens[$0].kind == .sign(UInt8(ascii: ",")) }) else {
                    return nil
                }
                columns += names.filter(isName).map { text($0..<$0 + 1) }
            } else {
                guard isName(place) else { return nil }
                columns.append(text(place..<place + 1))
            }
            let comma = range.first { index in
                index > place && tokens[index].depth == 0 && tokens[index].kind == .sign(UInt8(ascii: ","))
            }
            guard let comma else { break }
            place = comma + 1
        }
        return columns.isEmpty ? nil : columns
    }

    /// `OR ACTION`; those besides these may delete other rows, or end the transaction.
    private mutating func skipAction(_ allowed: Set<String>) -> Bool {
        guard word == "OR" else { return true }
        guard let action = word(at: index + 1), allowed.contains(action) else { return false }
        index += 2
        return true
    }

    /// The table's name, and what the statement calls it.
    private mutating func readTable(into shape: inout SQLShape, before words: Set<String>) -> Bool {
        // A table's own rows, without those of tables that inherit from it, can't be told apart later.
        guard word != "ONLY", isName(index) else { return false }
        let start = index
        index += 1
        while sign(at: index) == UInt8(ascii: "."), isName(index + 1) { index += 2 }
        shape.table = text(start..<index)
        if word == "AS" {
            guard isName(index + 1) else { return false }
            shape.alias = text((index + 1)..<(index + 2))
            index += 2
        } else if isName(index), word.map({ !words.contains($0) }) ?? true {
            shape.alias = text(index..<index + 1)
            index += 1
        }
        return true
    }

    /// Goes behind `WITH …`.
    private mutating func skipCommonTables() -> Bool {
        index += 1
        if word == "RECURSIVE" { index += 1 }
        while true {
            guard isName(index) else { return false }
            index += 1
            if sign(at: index) == UInt8(ascii: "("), let end = closing(index) { index = end + 1 }
            guard word == "AS" else { return false }
            index += 1
            if word == "NOT" { index += 1 }
            if word == "MATERIALIZED" { index += 1 }
            guard sign(at: index) == UInt8(ascii: "("), let end = closing(index) else { return false }
            index = end + 1
            guard sign(at: index) == UInt8(ascii: ",") else { return true }
            index += 1
        }
    }

    private func isReading(_ places: [Int]) -> Bool {
        let verbs: Set<String> = ["INSERT", "UPDATE", "DELETE", "MERGE"]
        return places.allSatisfy { place in
            !(word(at: place).map(verbs.contains) ?? false) || word(at: place - 1) == "FOR"
                || word(at: place - 1) == "KEY"
        }
    }

    /// The tables that are read.
    private func mentions() -> Set<String> {
        var found: Set<String> = []
        for place in tokens.indices.dropFirst() where isName(place) {
            let before = word(at: place - 1)
            guard before == "FROM" || before == "JOIN" || sign(at: place - 1) == UInt8(ascii: ",") else { continue }
            // The table that is deleted from is not read besides.
            if word(at: place - 2) == "DELETE" { continue }
            var end = place + 1
            while sign(at: end) == UInt8(ascii: "."), isName(end + 1) { end += 2 }
            found.insert(text(place..<end))
        }
        return found
    }

    // MARK: Tokens

    private var word: String? { word(at: index) }

    private func word(at place: Int) -> String? {
        guard tokens.indices.contains(place), tokens[place].kind == .word else { return nil }
        return String(decoding: bytes[tokens[place].range], as: UTF8.self).uppercased()
    }

    private func sign(at place: Int) -> UInt8? {
        guard tokens.indices.contains(place), case .sign(let sign) = tokens[place].kind else { return nil }
        return sign
    }

    private func isName(_ place: Int) -> Bool {
        guard tokens.indices.contains(place) else { return false }
        return tokens[place].kind == .word || tokens[place].kind == .quotedName
    }

    /// Where one of some words stands outside of brackets.
    private func find(_ words: Set<String>, from start: Int) -> Int? {
        guard start < tokens.count else { return nil }
        return (start..<tokens.count).first { place in
            tokens[place].depth == 0 && (word(at: place).map(words.contains) ?? false)
        }
    }

    /// The bracket that closes one.
    private func closing(_ place: Int) -> Int? {
        let depth = tokens[place].depth
        return tokens.indices.first { index in
            index > place && tokens[index].depth == depth && tokens[index].kind == .sign(UInt8(ascii: ")"))
        }
    }

    /// What is written from one token to another, with the comments between them.
    private func text(_ range: Range<Int>) -> String {
        guard !range.isEmpty, range.lowerBound < tokens.count else { return "" }
        let start = tokens[range.lowerBound].range.lowerBound
        return String(decoding: bytes[start..<tokens[range.upperBound - 1].range.upperBound], as: UTF8.self)
    }
}
