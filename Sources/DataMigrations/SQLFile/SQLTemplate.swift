import Database

/// A piece of a file's SQL, with places that are filled in batch by batch.
struct SQLTemplate: Sendable, Hashable {
    private enum Part: Sendable, Hashable {
        case text(String)
        case place(name: String, qualifier: String?)
    }

    private var parts: [Part] = []
    /// The places in it, such as `range`, each with what stands behind its colon.
    var places: [(name: String, qualifier: String?)] {
        parts.compactMap { if case .place(let name, let qualifier) = $0 { (name, qualifier) } else { nil } }
    }

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

    /// The SQL with something in the places.
    func sql(_ filling: (_ name: String, _ qualifier: String?) -> SQL) -> SQL {
        parts.reduce(into: SQL(raw: "")) { sql, part in
            switch part {
            case .text(let text): sql += SQL(raw: text)
            case .place(let name, let qualifier): sql += filling(name, qualifier)
            }
        }
    }
}
