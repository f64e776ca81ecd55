/// The words that say whether a statement has a body with semicolons of its own.
enum Keyword: String {
    case atomic, begin, constraint, create, delete, end, function, insert, or, procedure, replace, select, temp
    case temporary, trigger, update, with

    /// The keyword that a word is; `nil` for any other one.
    init?(_ word: Substring.UTF8View) {
        // None is longer than CONSTRAINT.
        guard word.count <= 10 else { return nil }
        self.init(rawValue: String(decoding: word, as: UTF8.self).lowercased())
    }
}

/// Finds the semicolons that end statements.
struct StatementBoundary {
    /// What is known of the statement.
    private enum State {
        /// Nothing is read yet.
        case start
        /// CREATE, and what may stand between it and the kind of thing.
        case create
        /// Before the body of a trigger.
        case trigger
        /// Before the body of a function or a procedure.
        case routine
        /// In a body.
        case body
        /// Only a semicolon matters.
        case plain
    }

    private var state = State.start
    private var depth = 0
    /// What was read last, as far as it matters.
    private var previous: SQLToken.Kind?
    /// Whether the word before may open a body.
    private var mayOpen = false

    /// Whether `BEGIN ATOMIC` was read last.
    private var isEmptyBody = false

    /// Whether a body has no END yet.
    var isInBody: Bool { state == .body }

    /// Takes the next token, comments and blanks left out.
    ///
    /// - Returns: whether it is the semicolon that ends the statement.
    mutating func isEnd(_ kind: SQLToken.Kind, keyword: () -> Keyword?) -> Bool {
        if kind == .punctuation(ASCII.semicolon), state != .body, depth == 0 {
            self = StatementBoundary()
            return true
        }
        switch kind {
        case .punctuation(ASCII.openBracket): depth += 1
        case .punctuation(ASCII.closeBracket): depth = max(0, depth - 1)
        default: break
        }
        if state != .plain { step(kind == .word ? keyword() : nil) }
        previous = kind
        return false
    }

    private mutating func step(_ keyword: Keyword?) {
        switch (state, keyword) {
        case (.start, .create): state = .create
        case (.create, .or), (.create, .replace), (.create, .temp), (.create, .temporary), (.create, .constraint): break
        case (.create, .trigger): state = .trigger
        case (.create, .function), (.create, .procedure): state = .routine
        case (.start, _), (.create, _): state = .plain
        // A column may have the name: what follows tells.
        case (.trigger, .select), (.trigger, .insert), (.trigger, .update), (.trigger, .delete), (.trigger, .replace),
            (.trigger, .with), (.routine, .atomic):
            if mayOpen { state = .body }
        // The body's statements end with a semicolon each; the END of a CASE does not stand behind one.
        case (.body, .end):
            if previous == .punctuation(ASCII.semicolon) || isEmptyBody { state = .plain }
        default: break
        }
        isEmptyBody = keyword == .atomic && state == .body
        mayOpen = keyword == .begin && depth == 0 && previous != .punctuation(ASCII.dot)
    }
}
