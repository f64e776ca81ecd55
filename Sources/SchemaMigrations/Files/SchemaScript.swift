public import SQLFiles

/// One way of a schema migration: the statements that make the change, or those that take it back.
public struct SchemaScript: Sendable, Hashable {
    /// The statements, in their order.
    public let statements: [SQLStatement]
    /// Whether they are run in one transaction; otherwise each stands for itself.
    public let isTransactional: Bool
    /// All of it as it is written.
    public let text: String
    /// The file, or whatever it was read from, for messages.
    public let place: String

    /// Reads a part of a file.
    ///
    /// - Parameters:
    ///   - range: the part.
    ///   - file: the file.
    ///   - isTransactional: whether the statements are run in one transaction.
    /// - Throws: ``/SQLFiles/SQLFileError`` for a statement that does not belong in a transaction, or has no end.
    init(_ range: Range<String.Index>, of file: SQLFile, isTransactional: Bool) throws(SQLFileError) {
        statements = try file.statements(in: range)
        self.isTransactional = isTransactional
        text = String(file.text[range])
        place = file.name
        guard isTransactional else {
            guard let open = statements.indices.last(where: { statements[$0].control != nil }),
                statements[open].control == .begins
            else { return }
            let message = "the transaction that begins here has no COMMIT in this part of the file"
            throw SQLFileError(file: file.name, position: statements[open].position, message: message)
        }
        for statement in statements {
            guard let problem = statement.problemInTransaction else { continue }
            throw SQLFileError(file: file.name, position: statement.position, message: problem)
        }
    }

    /// Where the transaction begins that a statement stands in; `nil` if the script itself has begun none.
    func transactionStart(at index: Int) -> Int? {
        let last = statements[..<index].lastIndex { $0.control != nil }
        return last.flatMap { statements[$0].control == .begins ? $0 : nil }
    }
}

extension SQLStatement {
    /// What a statement does with transactions.
    enum Control {
        case begins, ends
    }

    /// What it does with the transaction that it stands in; `nil` if nothing.
    var control: Control? {
        let words = words
        switch words.first {
        case "BEGIN": return .begins
        case "START": return words.dropFirst().first == "TRANSACTION" ? .begins : nil
        case "COMMIT", "END", "ABORT": return .ends
        case "PREPARE": return words.dropFirst().first == "TRANSACTION" ? .ends : nil
        case "ROLLBACK": return words.contains("TO") ? nil : .ends
        default: return nil
        }
    }

    /// Why it can't be part of a transaction that azu begins and ends; `nil` if it can.
    fileprivate var problemInTransaction: String? {
        let lone = "; with a line -- azu:no-transaction, statements are run one by one"
        if control != nil {
            return "\(words.first ?? "") stands in a file that is run as one transaction; leave it out\(lone)"
        }
        guard text.firstMatch(of: #/(?i)^PRAGMA\s+foreign_keys\s*[=(]/#) != nil else { return nil }
        return "PRAGMA foreign_keys does nothing within a transaction, as which this file is run\(lone)"
    }

    /// Its first words.
    private var words: [String] {
        text.prefix(80).split(whereSeparator: \.isWhitespace).prefix(4).map { $0.uppercased() }
    }
}
