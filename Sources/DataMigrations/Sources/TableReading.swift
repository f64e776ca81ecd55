import Database

/// A table, or part of one, that is walked along its key.
struct TableReading<Row: Sendable>: Sendable {
    /// The table's name.
    var table: String
    /// What a person calls the rows' type.
    var model: String
    /// The columns to read; `nil` for all of them, none for the key alone.
    var columns: [String]?
    /// The columns along which it is walked; none for those that the table's schema says.
    var key: [String] = []
    /// Which rows; `nil` for all of them.
    var predicate: SQL?
    /// Whether the author gave an order or a limit, which a walk along the key can't keep.
    var isOrdered: Bool
    /// Decodes some of the rows, which hold at least `columns`.
    var decode: @Sendable (Rows, Range<Int>) -> DecodedRows<Row>
}
