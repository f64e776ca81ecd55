import Database

/// The values of many rows in one array: an array for each row would cost as much as writing it.
struct ValueGrid {
    private var width = 0
    private var values: [Value] = []

    subscript(row: Int, column: Int) -> Value { values[row * width + column] }

    /// Adds a row; `nil` counts as NULL.
    mutating func append(_ row: [Value?]) {
        if row.count > width { widen(to: row.count) }
        for value in row { values.append(value ?? .null) }
    }

    /// Puts another row in the place of one.
    mutating func replace(_ index: Int, with row: [Value?]) {
        if row.count > width { widen(to: row.count) }
        for (column, value) in row.enumerated() { values[index * width + column] = value ?? .null }
    }

    /// A hand-written `encode(to:)` may come up with a column late.
    private mutating func widen(to count: Int) {
        let rows = width == 0 ? 0 : values.count / width
        let old = self
        values = (0..<rows).flatMap { row in
            (0..<count).map { $0 < old.width ? old[row, $0] : .null }
        }
        width = count
    }
}
