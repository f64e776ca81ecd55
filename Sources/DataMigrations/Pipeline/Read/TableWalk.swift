import Database

/// How a table is walked: along which key, and with which condition.
struct TableWalk: Sendable {
    let schema: TableSchema
    let keyset: Keyset
    /// Which rows; values in it are those of the run's begin.
    let predicate: SQL?

    /// What stands before the model's columns: the key, and what tells whether the row was changed.
    var ownColumns: [String] { keyset.columns + (schema.rowVersion.map { [$0] } ?? []) }

    /// What has the table read along the key, and in no other order.
    var orderHint: String {
        if keyset.columns == schema.primaryKey { return schema.keyOrderHint ?? "" }
        // A key that the author names has an index of its own.
        return schema.isPlace(keyset.columns) ? schema.rowIdentifierOrderHint ?? "" : ""
    }

    /// One page behind a key.
    func select<Row>(_ reading: TableReading<Row>, after: [Value]?, upTo: [Value]?, limit: Int) -> SQL {
        "\(select(reading, where: conditions(after: after, upTo: upTo))) ORDER BY \(keyset.ordering) LIMIT \(limit)"
    }

    /// The row with a key, if it still meets the condition.
    func select<Row>(_ reading: TableReading<Row>, key: [Value]) -> SQL {
        select(reading, where: (predicate.map { [$0] } ?? []) + [keyset.condition(equals: key)])
    }

    private func select<Row>(_ reading: TableReading<Row>, where conditions: [SQL]) -> SQL {
        var columns = SQL.identifiers(ownColumns)
        // Where the key alone is wanted, nothing else is read.
        if reading.columns?.isEmpty != true { columns += ", \(reading.columns.map(SQL.identifiers) ?? "*")" }
        return "SELECT \(columns) FROM \(identifier: schema.name) \(raw: orderHint)\(filter(conditions))"
    }

    /// How many rows meet the condition, counted up to `limit`.
    func count(after: [Value]? = nil, upTo: [Value]? = nil, limit: Int) -> SQL {
        """
        SELECT count(*) FROM (SELECT 1 FROM \(identifier: schema.name)\(filter(conditions(after: after, upTo: upTo))) \
        LIMIT \(limit)) AS counted
        """
    }

    /// How many rows meet the condition and another one, counted up to `limit`.
    func count(where condition: SQL, limit: Int) -> SQL {
        """
        SELECT count(*) FROM (SELECT 1 FROM \(identifier: schema.name)\(filter((predicate.map { [$0] } ?? []) + [condition])) \
        LIMIT \(limit)) AS counted
        """
    }

    /// The key that ends a part of so many rows: the index alone tells it.
    func boundary(after: [Value]?, upTo: [Value]?, rows: Int) -> SQL {
        let bounds = [after.map(keyset.condition(after:)), upTo.map(keyset.condition(upTo:))].compactMap { $0 }
        return """
            SELECT * FROM (SELECT \(keyset.ordering) FROM \(identifier: schema.name)\(filter(bounds)) \
            ORDER BY \(keyset.ordering) LIMIT \(rows)) AS part ORDER BY \(keyset.reverseOrdering) LIMIT 1
            """
    }

    /// Whether it goes along the blocks of the table, rather than along an index.
    var isByBlocks: Bool { schema.blocks != nil && schema.isPlace(keyset.columns) }

    /// The rows of some blocks, in no order.
    func select<Row>(_ reading: TableReading<Row>, blocks: Range<Int>, after: [Value]?, upTo: [Value]?) -> SQL {
        select(reading, where: conditions(after: after, upTo: upTo) + [among(blocks: blocks)])
    }

    /// The rows that lie in some blocks.
    func among(blocks: Range<Int>) -> SQL {
        """
        \(keyset.ordering) > \(BlockPosition(blocks.lowerBound).text) \
        AND \(keyset.ordering) < \(BlockPosition(blocks.upperBound).text)
        """
    }

    /// The last row of a table without a key, which lies in its last block.
    var lastPlace: SQL? {
        guard let blocks = schema.blocks, blocks > 0 else { return nil }
        return """
            SELECT \(keyset.ordering) FROM \(identifier: schema.name) \
            WHERE \(keyset.ordering) > \(BlockPosition(blocks - 1).text) ORDER BY \(keyset.reverseOrdering) LIMIT 1
            """
    }

    /// The last key of the table.
    var lastKey: SQL {
        """
        SELECT \(keyset.ordering) FROM \(identifier: schema.name) \(raw: orderHint) \
        ORDER BY \(keyset.reverseOrdering) LIMIT 1
        """
    }

    /// The key at some place, counted from 0, of the rows that meet the condition.
    func key(offset: Int, fromEnd: Bool) -> SQL {
        """
        SELECT \(keyset.ordering) FROM \(identifier: schema.name)\(filter(conditions())) \
        ORDER BY \(fromEnd ? keyset.reverseOrdering : keyset.ordering) LIMIT 1 OFFSET \(offset)
        """
    }

    /// How many rows the planner takes the condition to meet; `nil` where it does not say.
    ///
    /// - Throws: ``/Database/DatabaseError``.
    func estimate(in connection: any DatabaseConnection) async throws -> Int? {
        guard schema.estimatedRows != nil else { return nil }
        let query: SQL = "SELECT 1 FROM \(identifier: schema.name)\(filter(conditions()))"
        let plan = try await connection.query(connection.dialect.explanation(of: query))
        // The first line is of the query as a whole.
        guard let line = plan.first?[0].text else { return nil }
        return connection.dialect.planStep(line)?.rows
    }

    private func conditions(after: [Value]? = nil, upTo: [Value]? = nil) -> [SQL] {
        var conditions: [SQL] = []
        if let predicate { conditions.append(predicate) }
        if let after { conditions.append(keyset.condition(after: after)) }
        if let upTo { conditions.append(keyset.condition(upTo: upTo)) }
        return conditions
    }

    private func filter(_ conditions: [SQL]) -> SQL {
        conditions.isEmpty ? "" : " WHERE \(SQL.joined(conditions, separator: " AND "))"
    }

    /// Makes a batch of a page.
    func load<Row>(_ rows: Rows, _ reading: TableReading<Row>) -> LoadedBatch<Row> {
        let table = TableRows(schema: schema, keyset: keyset, own: ownColumns.count, rows: rows)
        let locator: @Sendable (Int) -> String = { StoredValue.text(of: table.key($0)) }
        return LoadedBatch(
            count: rows.count,
            cursor: locator(rows.count - 1),
            table: table,
            locator: locator,
            original: { record in
                StoredRow.text(
                    columns: rows.columns,
                    values: rows.values(row: record),
                    from: table.own
                )
            },
            decode: { reading.decode(rows, $0) }
        )
    }
}
