/// Columns of text, as wide as their widest field.
struct TextTable {
    var header: [String]
    var rows: [[String]] = []
    /// The columns that are aligned to the right: numbers.
    var numeric: Set<Int> = []

    /// The lines, the header first.
    var lines: [String] {
        let all = [header] + rows
        let widths = header.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
        return all.map { row in
            let fields = row.enumerated().map { column, field in
                let padding = String(repeating: " ", count: widths[column] - field.count)
                return numeric.contains(column) ? padding + field : field + padding
            }
            let line = fields.joined(separator: "  ")
            return String(line[..<(line.lastIndex { $0 != " " }.map { line.index(after: $0) } ?? line.startIndex)])
        }
    }
}
