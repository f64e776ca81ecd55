/// Finds the name that somebody may have meant.
enum ClosestName {
    /// The name that differs least from another one; `nil` if none is alike.
    static func of(_ name: String, among names: [String]) -> String? {
        let distances = names.map { (name: $0, distance: distance(name.lowercased(), $0)) }
        guard let best = distances.min(by: { $0.distance < $1.distance }) else { return nil }
        let mayDiffer = max(1, min(name.count, best.name.count) / 3)
        return best.distance <= mayDiffer ? best.name : nil
    }

    /// How many letters must be put in, taken out, replaced or swapped with the next one.
    private static func distance(_ left: String, _ right: String) -> Int {
        let (left, right) = (Array(left.prefix(64)), Array(right))
        var before: [Int] = []
        var last = Array(0...right.count)
        for row in left.indices {
            var next = [row + 1]
            for column in right.indices {
                var best = min(last[column + 1], next[column]) + 1
                best = min(best, last[column] + (left[row] == right[column] ? 0 : 1))
                let isSwapped =
                    row > 0 && column > 0 && left[row] == right[column - 1] && left[row - 1] == right[column]
                if isSwapped { best = min(best, before[column - 1] + 1) }
                next.append(best)
            }
            (before, last) = (last, next)
        }
        return last[right.count]
    }
}
