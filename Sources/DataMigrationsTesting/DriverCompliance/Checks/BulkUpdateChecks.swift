import Database

extension DriverCompliance {
    /// `BulkUpdate`.
    static let bulkUpdates: [Check] = [
        Check("a bulk update changes the given columns of the given rows, and nothing else") { session in
            try await session.createGrid()
            let result = try await session.update(["id"], ["b"], keys: [3, 1], values: [30, nil])
            try session.equal(result, 2, "the changes")
            try session.equal(
                try await session.grid(),
                [[1, 1, .null], [2, 2, 2], [3, 3, 30], [4, 4, 4]],
                "the rows after the update"
            )
        },
        Check("a bulk update of several columns keeps them apart") { session in
            try await session.createGrid()
            _ = try await session.update(["id"], ["b", "a"], keys: [2, 4], values: [20, 21, 40, 41])
            try session.equal(
                try await session.grid(),
                [[1, 1, 1], [2, 21, 20], [3, 3, 3], [4, 41, 40]],
                "the rows after the update"
            )
        },
        Check("a bulk update finds rows by a composite key") { session in
            try await session.createPairs()
            let result = try await session.update(["b", "a"], ["amount"], keys: ["x", 1, "y", 2], values: [10, 20])
            try session.equal(result, 2, "the changes")
            try session.equal(
                try await session.pairs(),
                [[1, "x", 10], [1, "y", 0], [2, "x", 0], [2, "y", 20]],
                "the rows after the update"
            )
        },
        Check("a bulk update counts the rows it finds, not those it looks for") { session in
            try await session.createGrid()
            let result = try await session.update(["id"], ["a"], keys: [1, 99], values: [10, 10])
            try session.equal(result, 1, "the changes")
        },
        Check("a bulk update counts a row that had the same value already") { session in
            try await session.createGrid()
            try session.equal(try await session.update(["id"], ["a"], keys: [1], values: [1]), 1, "the changes")
        },
        Check("a bulk update of no rows does nothing") { session in
            try await session.createGrid()
            try session.equal(try await session.update(["id"], ["a"], keys: [], values: []), 0, "the changes")
        },
        Check("a bulk update takes more values than a statement binds") { session in
            try await session.createGrid()
            let rows = session.dialect.maximumBoundValues / 2 + 1
            let keys = (0..<rows).map { Value.integer(Int64($0 % 4 + 1)) }
            let values = (0..<rows).map { Value.integer(Int64($0 % 4)) }
            _ = try await session.update(["id"], ["a"], keys: keys, values: values)
            try session.equal(
                try await session.grid().map { $0[1] },
                [0, 1, 2, 3],
                "the column after the update"
            )
        },
        Check("a bulk update that fails outside of a transaction leaves nothing behind") { session in
            try await session.createNamedItems()
            for name in ["a", "b", "c"] { try await session.connection.execute(session.insertItem(name)) }
            let update = BulkUpdate(
                ComplianceSession.items,
                keyColumns: ["name"],
                columns: ["name"],
                keys: ["a", "b"],
                values: ["z", "c"]
            )
            try await session.expect(.uniqueViolation, of: .update(update), "a duplicate name")
            try await session.expectNames(["a", "b", "c"], "after the failed update")
        },
    ]

    /// `BulkDelete`.
    static let bulkDeletes: [Check] = [
        Check("a bulk delete deletes the given rows, and counts those it found") { session in
            try await session.createGrid()
            let delete = BulkDelete(from: ComplianceSession.items, keyColumns: ["id"], keys: [4, 99, 1])
            let result = try await session.connection.run([.delete(delete)])[0]
            try session.equal(result.changes, 2, "the changes")
            try session.equal(try await session.column("id"), ["2", "3"], "the rows left")
        },
        Check("a bulk delete finds rows by a composite key") { session in
            try await session.createPairs()
            let delete = BulkDelete(from: ComplianceSession.items, keyColumns: ["a", "b"], keys: [1, "y", 2, "x"])
            let result = try await session.connection.run([.delete(delete)])[0]
            try session.equal(result.changes, 2, "the changes")
            try session.equal(try await session.pairs(), [[1, "x", 0], [2, "y", 0]], "the rows left")
        },
        Check("a bulk delete of no rows deletes nothing") { session in
            try await session.createGrid()
            let delete = BulkDelete(from: ComplianceSession.items, keyColumns: ["id"], keys: [])
            try session.equal(try await session.connection.run([.delete(delete)])[0].changes, 0, "the changes")
            try session.equal(try await session.column("id").count, 4, "the number of rows left")
        },
        Check("a bulk delete takes more values than a statement binds") { session in
            try await session.createGrid()
            let keys = (2...session.dialect.maximumBoundValues + 2).map { Value.integer(Int64($0)) }
            let delete = BulkDelete(from: ComplianceSession.items, keyColumns: ["id"], keys: keys)
            try session.equal(try await session.connection.run([.delete(delete)])[0].changes, 3, "the changes")
            try session.equal(try await session.column("id"), ["1"], "the rows left")
        },
    ]
}

extension ComplianceSession {
    /// Four rows of three equal columns.
    fileprivate func createGrid() async throws {
        let integer: SQL = "\(raw: types.integer)"
        try await createItems("id \(integer) PRIMARY KEY, a \(integer), b \(integer)")
        let values = (1...4).flatMap { Array(repeating: Value.integer($0), count: 3) }
        try await connection.run([.insert(BulkInsert(into: Self.items, columns: ["id", "a", "b"], values: values))])
    }

    fileprivate func grid() async throws -> [[Value]] {
        try await connection.query("SELECT id, a, b FROM \(identifier: Self.items) ORDER BY id").map(\.values)
    }

    /// A table whose key is a number and a text.
    fileprivate func createPairs() async throws {
        try await createItems(
            """
            a \(raw: types.integer), b \(raw: types.shortText), amount \(raw: types.integer), PRIMARY KEY (a, b)
            """
        )
        let values: [Value] = [1, "x", 0, 1, "y", 0, 2, "x", 0, 2, "y", 0]
        try await connection.run([.insert(BulkInsert(into: Self.items, columns: ["a", "b", "amount"], values: values))])
    }

    fileprivate func pairs() async throws -> [[Value]] {
        try await connection.query("SELECT a, b, amount FROM \(identifier: Self.items) ORDER BY a, b").map(\.values)
    }

    fileprivate func update(
        _ keyColumns: [String],
        _ columns: [String],
        keys: [Value],
        values: [Value]
    ) async throws -> Int {
        let update = BulkUpdate(Self.items, keyColumns: keyColumns, columns: columns, keys: keys, values: values)
        return try await connection.run([.update(update)])[0].changes
    }
}
