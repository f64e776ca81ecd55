/// What somebody may have meant who wrote a name that does not exist.
package enum Nearest {
    /// The names nearest to a word; none where all are far.
    ///
    /// Parts of a name are as good as the name, and so is another order of them: `status` is near to `db:data:status`, as
    /// `db:migrate:data` is to `db:data:migrate`.
    ///
    /// - Parameters:
    ///   - word: what was written.
    ///   - names: what there is.
    ///   - separator: what stands between the parts of a name.
    /// - Returns: at most three names that are equally near.
    package static func names(to word: String, among names: [String], separator: Character) -> [String] {
        // What is that long is no slip of the hand, and takes its time to compare.
        guard (1...200).contains(word.count) else { return [] }
        let ranked = names.map { (name: $0, distance: distance(from: word, to: $0, separator)) }
        guard let least = ranked.map(\.distance).min(), least <= max(1, word.count / 3) else { return [] }
        return Array(ranked.filter { $0.distance == least }.map(\.name).prefix(3))
    }

    /// How many letters must be put in, taken out, exchanged, or swapped with their neighbour to make one word of the
    /// other.
    package static func distance(_ left: String, _ right: String) -> Int {
        let (left, right) = (Array(left), Array(right))
        if left.isEmpty || right.isEmpty { return max(left.count, right.count) }
        // Three rows of the table are enough: a swap looks two rows back.
        var (older, last) = ([Int](), Array(0...right.count))
        for row in 1...left.count {
            var next = [row]
            for column in 1...right.count {
                let isSame = left[row - 1] == right[column - 1]
                var least = min(last[column] + 1, next[column - 1] + 1, last[column - 1] + (isSame ? 0 : 1))
                if row > 1, column > 1, left[row - 1] == right[column - 2], left[row - 2] == right[column - 1] {
                    least = min(least, older[column - 2] + 1)
                }
                next.append(least)
            }
            (older, last) = (last, next)
        }
        return last[right.count]
    }

    private static func distance(from word: String, to name: String, _ separator: Character) -> Int {
        let parts = name.split(separator: separator).map(String.init)
        let written = word.split(separator: separator).map(String.init)
        var least = distance(word, name)
        // Each part that was written is taken for the one it is nearest to, wherever that stands.
        let errors = written.reduce(0) { sum, part in sum + (parts.map { distance(part, $0) }.min() ?? part.count) }
        least = min(least, errors + max(0, parts.count - written.count))
        for start in parts.indices {
            for end in start..<parts.count where end - start < parts.count - 1 {
                least = min(least, distance(word, parts[start...end].joined(separator: String(separator))) + 1)
            }
        }
        return least
    }
}

extension [String] {
    /// Writes `a, b or c`.
    package var either: String {
        guard count > 1, let last else { return first ?? "" }
        return dropLast().joined(separator: ", ") + " or " + last
    }
}
