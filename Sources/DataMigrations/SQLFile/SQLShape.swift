/// What a statement of a file does, as far as that can be read safely; anything in doubt is `other`.
struct SQLShape: Sendable, Hashable {
    enum Verb: Sendable, Hashable {
        case update, delete, insert
        /// An INSERT that changes rows which are there already.
        case upsert
        /// Nothing is written.
        case read
        /// Something else.
        case other
    }

    var verb = Verb.other
    /// `WITH …`, which only reads.
    var with = ""
    /// The table that is written, as it stands there.
    var table = ""
    /// What the table is called in the statement, where that is another name.
    var alias: String?
    /// The columns that an UPDATE sets, as they stand there; `nil` if they could not be made out.
    var columns: [String]?
    /// The other tables of an UPDATE or DELETE: what stands behind its FROM or USING.
    var others: String?
    /// What stands behind WHERE.
    var condition: String?
    /// The statement without its RETURNING.
    var body = ""
    /// The tables that it reads, as far as their names stand behind FROM, JOIN or a comma.
    var mentions: Set<String> = []

    /// What the table is called in the statement.
    var qualifier: String { alias ?? table }

    /// A name, as a person writes it: without its quotes; in small letters, if it had none and `folds`.
    static func plain(_ name: String, folds: Bool) -> String {
        guard let quote = name.first, quote == "\"" || quote == "`", name.count > 1 else {
            return folds ? name.lowercased() : name
        }
        return String(name.dropFirst().dropLast()).replacing("\(quote)\(quote)", with: "\(quote)")
    }

    /// The parts of a dotted name.
    static func parts(of name: String) -> [String] {
        let bytes = Array(name.utf8)
        return SQLTokenizer.tokens(bytes).compactMap { token in
            switch token.kind {
            case .word, .quotedName: String(decoding: bytes[token.range], as: UTF8.self)
            default: nil
            }
        }
    }

    /// Whether the table that is written is the one of this name.
    func writes(_ name: String) -> Bool { Self.isSame(table, name) }

    /// Whether two names may be of one table; of a name without a schema, that is not known.
    static func isSame(_ first: String, _ second: String) -> Bool {
        let left = parts(of: first).map { plain($0, folds: true).lowercased() }
        let right = parts(of: second).map { plain($0, folds: true).lowercased() }
        guard let own = left.last, own == right.last else { return false }
        return left.count == 1 || right.count == 1 || left == right
    }
}
