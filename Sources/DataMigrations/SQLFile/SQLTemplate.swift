import Database

/// A piece of a file's SQL, with places that are filled in batch by batch.
struct SQLTemplate: Sendable, Hashable {
    private enum Part: Sendable, Hashable {
        case text(String)
        case place(name: String, qualifier: String?)
        /// A place that has a value for the whole run.
        case value(SQL)
    }

    private var parts: [Part] = []
    /// The places in it that have no value yet, such as `range`, each with what stands behind its colon.
    var places: [(name: String, qualifier: String?)] {
        parts.compactMap { if case .place(let name, let qualifier) = $0 { (name, qualifier) } else { nil } }
    }

    /// How many values it binds besides those of its places.
    var valueCount: Int { parts.reduce(0) { if case .value = $1 { $0 + 1 } else { $0 } } }

    init(_ text: String) {
        let bytes = Array(text.utf8)
        var start = 0
        for token in SQLTokenizer.tokens(bytes) {
            guard case .placeholder(let text) = token.kind else { continue }
            add(bytes[start..<token.range.lowerBound])
            let halves = text.split(separator: ":", maxSplits: 1).map(String.init)
            parts.append(.place(name: halves[0], qualifier: halves.count > 1 ? halves[1] : nil))
            start = token.range.upperBound
        }
        add(bytes[start...])
    }

    private mutating func add(_ bytes: ArraySlice<UInt8>) {
        if !bytes.isEmpty { parts.append(.text(String(decoding: bytes, as: UTF8.self))) }
    }

    /// The same with a run's values in the places of its parameters.
    func binding(_ values: FileValues) -> SQLTemplate {
        var template = self
        for (index, part) in parts.enumerated() {
            guard case .place(let name, nil) = part else { continue }
            let (before, behind) = (text(at: index - 1), text(at: index + 1))
            guard var sql = values.sql(name, before: behind) else { continue }
            // A word right beside it must not become a part of it.
            if let last = before.last, Self.isWord(last) { sql = " \(sql)" }
            if let first = behind.first, Self.isWord(first) { sql = "\(sql) " }
            template.parts[index] = .value(sql)
        }
        return template
    }

    private func text(at index: Int) -> String {
        guard parts.indices.contains(index), case .text(let text) = parts[index] else { return "" }
        return text
    }

    private static func isWord(_ character: Character) -> Bool {
        character.isLetter || character.isNumber || character == "_" || character == "$"
    }

    /// The SQL with something in the places.
    func sql(_ filling: (_ name: String, _ qualifier: String?) -> SQL) -> SQL {
        parts.reduce(into: SQL(raw: "")) { sql, part in
            switch part {
            case .text(let text): sql += SQL(raw: text)
            case .place(let name, let qualifier): sql += filling(name, qualifier)
            case .value(let value): sql += value
            }
        }
    }
}
