extension String {
    /// SQL behind the white space and the comments before its first word, which say nothing of what it does.
    ///
    /// - Parameters:
    ///   - mark: what is passed over besides.
    ///   - nests: whether a comment may hold others, as in PostgreSQL; in SQLite, it ends at the first `*/`.
    /// - Returns: the rest; nothing, where a comment has no end.
    package func behindComments(and mark: Character, nests: Bool) -> Substring {
        var rest = self[...]
        while true {
            rest = rest.drop { $0.isWhitespace || $0 == mark }
            if rest.hasPrefix("--") {
                rest = rest.drop { !$0.isNewline }
            } else if rest.hasPrefix("/*") {
                rest = rest.behindComment(nests: nests)
            } else {
                return rest
            }
        }
    }
}

extension Substring {
    fileprivate func behindComment(nests: Bool) -> Substring {
        var (rest, depth) = (dropFirst(2), 1)
        while depth > 0, !rest.isEmpty {
            if rest.hasPrefix("*/") {
                rest = rest.dropFirst(2)
                depth -= 1
            } else if nests, rest.hasPrefix("/*") {
                rest = rest.dropFirst(2)
                depth += 1
            } else {
                rest = rest.dropFirst()
            }
        }
        return rest
    }
}
