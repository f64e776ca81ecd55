import Database

extension Query: BatchSource {
    /// What one row is decoded to.
    public typealias Row = M

    /// The table's name.
    public var label: String { M.table }

    /// A walk along the table's key.
    public func _reading() -> SourceReading<M> { SourceReading(kind: .table(tableReading)) }

    var tableReading: TableReading<M> {
        TableReading(
            table: M.table,
            model: String(describing: M.self),
            columns: ModelCoding<M>.columns,
            predicate: predicate,
            isOrdered: ordering != nil || limit != nil,
            decode: { ModelCoding<M>.decodeEach($0, $1) }
        )
    }
}
