public import Database

extension DatabaseAccess {
    /// Reads what belongs to each of `owners`, with one query for all of them (or a few, where the database limits how
    /// many values a statement binds).
    ///
    ///     SELECT … FROM "comments" WHERE "post_id" IN (?, ?, …) ORDER BY "id"
    ///
    /// - Returns: for each owner, in their order, its rows in the order of their key.
    /// - Throws: ``/Database/DatabaseError``, ``DecodingFault`` or ``ModelError``.
    public func fetch<Owner: Model, Related: Model>(
        _ relation: Relation<Owner, Related>,
        of owners: [Owner]
    ) async throws -> [[Related]] {
        let keys = try relation.ownerKeys(owners)
        var groups: [String: [Related]] = [:]
        var seen: Set<String> = []
        let distinct = keys.filter { key in key.text.map { seen.insert($0).inserted } ?? false }
        for chunk in distinct.chunked(by: connection.dialect.maximumBoundValues) {
            let rows = try await connection.query(relation.query(chunk))
            let models = try ModelCoding<Related>.decode(rows)
            for (row, model) in models.enumerated() {
                // The owner's key is the first column; in text, since a UUID comes back as the database stores it.
                if let key = rows.value(row: row, column: 0).text { groups[key, default: []].append(model) }
            }
        }
        return keys.map { $0.text.flatMap { groups[$0] } ?? [] }
    }

    /// Connects rows of two tables through the table between them.
    ///
    /// Pairs that are connected already stay as they are.
    ///
    ///     INSERT INTO "article_tags" ("article_id", "tag_id") VALUES (?, ?)
    ///
    /// - Returns: how many pairs are new.
    /// - Throws: ``/Database/DatabaseError``, or ``ModelError`` if the relation has no table between.
    @discardableResult
    public func add<Owner: Model, Related: Model>(
        _ pairs: [(owner: any ValueConvertible, related: any ValueConvertible)],
        in relation: Relation<Owner, Related>
    ) async throws -> Int {
        guard case .manyToMany(let table, let foreignKey, let relatedKey) = relation.kind else {
            throw ModelError("rows are added to a many-to-many relation; insert a \(Related.self) instead")
        }
        var existing: Set<[String]> = []
        let owners = Set(pairs.map(\.owner.databaseValue))
        for chunk in Array(owners).chunked(by: connection.dialect.maximumBoundValues) {
            let rows = try await connection.query(
                """
                SELECT \(identifier: foreignKey), \(identifier: relatedKey) FROM \(identifier: table)
                WHERE \(identifier: foreignKey) IN \(chunk)
                """
            )
            for row in rows { existing.insert(row.values.map { $0.text ?? "" }) }
        }
        let new = pairs.map { [$0.owner.databaseValue, $0.related.databaseValue] }
            .filter { existing.insert($0.map { $0.text ?? "" }).inserted }
        let insert = BulkInsert(into: table, columns: [foreignKey, relatedKey], values: new.flatMap { $0 })
        let inserted = try await write(insert).changes
        count(.init(inserted: inserted, skipped: pairs.count - new.count))
        return inserted
    }

    /// Connects each of `owners`, by its key, with the rows at the same place of `related`: what
    /// ``fetch(_:of:)`` gave for the rows that they were made of.
    ///
    /// - Returns: how many pairs are new.
    /// - Throws: ``/Database/DatabaseError`` or ``ModelError``.
    @discardableResult
    public func add<Owner: Model, Related: Model>(
        _ related: [[Related]],
        to owners: [some ValueConvertible],
        in relation: Relation<Owner, Related>
    ) async throws -> Int {
        let pairs = try zip(owners, related).flatMap { owner, related in
            try ModelCoding<Related>.values(of: Related.primaryKey, in: related).map { (owner: owner, related: $0) }
        }
        return try await add(pairs, in: relation)
    }

    /// Connects one row, by its key, with others, by theirs.
    ///
    /// - Returns: how many pairs are new.
    /// - Throws: ``/Database/DatabaseError`` or ``ModelError``.
    @discardableResult
    public func add<Owner: Model, Related: Model>(
        _ related: [some ValueConvertible],
        to owner: some ValueConvertible,
        in relation: Relation<Owner, Related>
    ) async throws -> Int {
        try await add(related.map { (owner: owner, related: $0) }, in: relation)
    }
}

extension Relation {
    /// The value that `query` finds an owner's rows by, for each owner.
    fileprivate func ownerKeys(_ owners: [Owner]) throws -> [Value] {
        switch kind {
        case .hasMany, .manyToMany: try ModelCoding<Owner>.values(of: [single(Owner.self)], in: owners)
        case .belongsTo(let foreignKey): try ModelCoding<Owner>.values(of: [foreignKey], in: owners)
        }
    }

    fileprivate func query(_ keys: [Value]) throws -> SQL {
        let key = try single(Related.self)
        let columns = ModelCoding<Related>.columns
        let table = Related.table
        let selection =
            columns.map { SQL.joined($0.map { "\(identifier: table).\(identifier: $0)" }, separator: ", ") }
            ?? "\(identifier: table).*"
        switch kind {
        case .hasMany(let column):
            return """
                SELECT \(identifier: column), \(selection) FROM \(identifier: table)
                WHERE \(identifier: column) IN \(keys) ORDER BY \(identifier: key)
                """
        case .belongsTo:
            return """
                SELECT \(identifier: key), \(selection) FROM \(identifier: table) WHERE \(identifier: key) IN \(keys)
                """
        case .manyToMany(let through, let foreignKey, let relatedKey):
            return """
                SELECT \(identifier: through).\(identifier: foreignKey) AS azu_owner, \(selection)
                FROM \(identifier: through) JOIN \(identifier: table)
                ON \(identifier: table).\(identifier: key) = \(identifier: through).\(identifier: relatedKey)
                WHERE \(identifier: through).\(identifier: foreignKey) IN \(keys)
                ORDER BY \(identifier: table).\(identifier: key)
                """
        }
    }

    /// Relations go by one column.
    private func single<M: Model>(_ model: M.Type) throws -> String {
        guard M.primaryKey.count == 1 else { throw ModelError("a relation of \(M.table) needs a key of one column") }
        return M.primaryKey[0]
    }
}

extension Array {
    /// Parts of at most `size` elements.
    func chunked(by size: Int) -> [[Element]] {
        stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
    }
}
