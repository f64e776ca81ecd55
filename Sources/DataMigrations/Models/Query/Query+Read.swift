public import Database

extension Query {
    /// Reads the rows.
    ///
    /// - Throws: ``/Database/DatabaseError``, or ``DecodingFault`` for a row that does not fit the model.
    public func fetch(in database: any DatabaseAccess) async throws -> [M] {
        try ModelCoding<M>.decode(try await database.connection.query(sql))
    }

    /// Reads the first row.
    ///
    /// - Throws: ``/Database/DatabaseError`` or ``DecodingFault``.
    public func first(in database: any DatabaseAccess) async throws -> M? {
        try await atMostOne.fetch(in: database).first
    }

    /// Counts the rows: `SELECT count(*) FROM …`.
    ///
    /// - Throws: ``/Database/DatabaseError``.
    public func count(in database: any DatabaseAccess) async throws -> Int {
        Int(try await database.connection.query(counting).value(row: 0, column: 0).integer ?? 0)
    }

    /// Counts the rows, and takes the time that it takes.
    func countUnhurried(in database: any DatabaseAccess) async throws -> Int {
        Int(try await database.connection.queryUnhurried(counting).value(row: 0, column: 0).integer ?? 0)
    }

    private var counting: SQL {
        limit == nil ? unordered.select("count(*)") : "SELECT count(*) FROM (\(select("1"))) AS counted"
    }

    /// Whether there is such a row: `SELECT 1 FROM … LIMIT 1`.
    ///
    /// - Throws: ``/Database/DatabaseError``.
    public func exists(in database: any DatabaseAccess) async throws -> Bool {
        try await !database.connection.query(unordered.atMostOne.select("1")).isEmpty
    }

    /// Reads one column.
    ///
    /// - Throws: ``/Database/DatabaseError`` or ``DecodingFault``.
    public func pluck<T: Decodable>(
        _ column: String,
        as type: T.Type = T.self,
        in database: any DatabaseAccess
    ) async throws -> [T] {
        let rows = try await database.connection.query(select("\(identifier: column)"))
        let decoder = RowDecoder(rows, column: { $0 })
        return try (0..<rows.count).map { try decoder.decodeField(row: $0) }
    }

    /// Reads all rows in batches along the model's key, without loading more than one batch.
    ///
    /// Nothing is saved between batches; a migration's own `rows` are walked with checkpoints.
    ///
    /// - Throws: what `body` throws, ``/Database/DatabaseError`` or ``DecodingFault``.
    public func inBatches(
        of size: Int = 1_000,
        in database: any DatabaseAccess,
        _ body: ([M]) async throws -> Void
    ) async throws {
        guard ordering == nil, limit == nil else {
            throw ModelError("\(M.table) is walked along its key: leave order and limit out of a query in batches")
        }
        let keyset = Keyset(columns: M.primaryKey)
        let selection: SQL = "\(SQL.identifiers(M.primaryKey)), \(ModelCoding<M>.selection)"
        var last: [Value]?
        while true {
            let page = last.map { self.where(keyset.condition(after: $0)) } ?? self
            let rows = try await database.connection.query(
                "\(page.select(selection)) ORDER BY \(keyset.ordering) LIMIT \(size)"
            )
            guard rows.count > 0 else { return }
            last = keyset.columns.indices.map { rows.value(row: rows.count - 1, column: $0) }
            try await body(try ModelCoding<M>.decode(rows))
            if rows.count < size { return }
        }
    }

    /// Reads all rows one by one, in batches along the model's key.
    ///
    /// - Throws: what `body` throws, ``/Database/DatabaseError`` or ``DecodingFault``.
    public func each(
        batchSize: Int = 1_000,
        in database: any DatabaseAccess,
        _ body: (M) async throws -> Void
    ) async throws {
        try await inBatches(of: batchSize, in: database) { models in
            for model in models { try await body(model) }
        }
    }

    /// The query's first row, unless its own limit leaves none.
    private var atMostOne: Query { limit(Swift.min(1, limit ?? 1), offset: offset) }

    private var unordered: Query {
        var copy = self
        if limit == nil { copy.ordering = nil }
        return copy
    }
}

extension Model {
    /// Reads the row with this key.
    ///
    /// - Throws: ``ModelError`` if there is none, ``/Database/DatabaseError`` or ``DecodingFault``.
    public static func find(_ key: any ValueConvertible..., in database: any DatabaseAccess) async throws -> Self {
        guard key.count == primaryKey.count else {
            throw ModelError("the key of \(table) is (\(primaryKey.joined(separator: ", ")))")
        }
        let query = all.where(Keyset(columns: primaryKey).condition(equals: key.map(\.databaseValue)))
        guard let model = try await query.first(in: database) else { throw ModelError("\(table) has no such row") }
        return model
    }
}
