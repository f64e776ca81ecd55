import Database

/// How many rows there are, and the sum of their hashes modulo 2^64.
struct HashSum: Sendable, Hashable {
    var rows = 0
    var sum: Int64 = 0

    /// Adds rows whose hashes were summed up in halves of 32 bits, the higher one with the sign: a sum of whole hashes
    /// would not fit the database's integers.
    mutating func add(rows: Int, low: Int64, high: Int64) {
        self.rows += rows
        sum = sum &+ (high &<< 32) &+ low
    }
}

/// How far a table is hashed.
struct ComparisonPlace: Sendable, Hashable {
    /// The part of the run that keeps it.
    var slice: Int64 = 0
    var sum = HashSum()
    /// The key of the last row; `nil` at the start.
    var key: [Value]?
    var isDone = false

    /// The start.
    init() {}

    /// Reads what ``Ledger/saveComparison(_:)`` wrote.
    init(_ record: SliceRecord) {
        slice = record.id
        let sums = record.upper.flatMap(StoredValue.values(of:)) ?? []
        if sums.count == 2 { sum = HashSum(rows: Int(sums[0].integer ?? 0), sum: sums[1].integer ?? 0) }
        key = record.cursor.flatMap(StoredValue.values(of:))
        isDone = record.isDone
    }
}
