/// A few columns of a row, by their index.
///
/// From the 127th on, columns are in it together or not at all.
struct ColumnSet: Hashable, Sendable {
    private var bits: UInt128 = 0

    var isEmpty: Bool { bits == 0 }

    mutating func insert(_ column: Int) { bits |= 1 << UInt128(min(column, 127)) }

    func contains(_ column: Int) -> Bool { bits & 1 << UInt128(min(column, 127)) != 0 }

    func indices(below count: Int) -> [Int] { (0..<count).filter(contains) }
}
