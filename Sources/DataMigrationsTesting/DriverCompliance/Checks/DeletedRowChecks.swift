import Database

extension DriverCompliance {
    /// `BulkDelete` that returns what it deletes.
    static let deletedRows: [Check] = [
        Check("a bulk delete hands out the rows that it deleted, with their values") { session in
            try await session.createNotes()
            let columns = ["id", "data", "note", "name"]
            let result = try await session.delete([3, 99, 1, 2], returning: columns)
            try session.equal(result.changes, 3, "the changes")
            try session.equal(result.rows?.columns, columns, "the columns")
            try session.equal(
                try session.sorted(result),
                [[1, .blob([0, 255]), .null, "a"], [2, .null, "Zwei 'b'", "b"], [3, .blob([]), "", "c"]],
                "the rows handed out"
            )
            try session.equal(try await session.column("id"), ["4"], "the rows left")
        },
        Check("a bulk delete hands out no row for keys that are not there") { session in
            try await session.createNotes()
            for keys: [Value] in [[98, 99], [.null]] {
                let result = try await session.delete(keys, returning: ["id", "note"])
                try session.equal(result.changes, 0, "the changes")
                try session.equal(result.rows?.columns, ["id", "note"], "the columns")
                try session.equal(try session.sorted(result), [], "the rows handed out")
            }
            try session.equal(try await session.column("id").count, 4, "the number of rows left")
        },
        Check("a bulk delete of no rows hands out none") { session in
            try await session.createNotes()
            let result = try await session.delete([], returning: ["id", "note"])
            try session.equal(result.changes, 0, "the changes")
            try session.equal(result.rows?.columns, ["id", "note"], "the columns")
            try session.equal(try session.sorted(result), [], "the rows handed out")
            try session.equal(try await session.column("id").count, 4, "the number of rows left")
        },
        Check("a bulk delete hands out nothing that was not asked for") { session in
            try await session.createNotes()
            for keys: [Value] in [[1, 2], []] {
                let result = try await session.delete(keys, returning: [])
                try session.require(result.rows == nil, "rows came back")
            }
        },
        Check("a bulk delete hands out rows found by a composite key, or by one of two that are equal") { session in
            try await session.createItems(
                """
                a \(raw: session.types.integer), b \(raw: session.types.shortText),
                amount \(raw: session.types.integer), PRIMARY KEY (a, b)
                """
            )
            let values: [Value] = [1, "x", 10, 1, "y", 20, 2, "x", 30, 2, "y", 40]
            let insert = BulkInsert(into: ComplianceSession.items, columns: ["a", "b", "amount"], values: values)
            try await session.connection.run([.insert(insert)])
            let keys: [Value] = ["y", 1, "x", 2, "z", 2, "y", 1]
            let result = try await session.delete(keys, by: ["b", "a"], returning: ["amount", "b"])
            try session.equal(result.changes, 2, "the changes")
            try session.equal(try session.sorted(result), [[20, "y"], [30, "x"]], "the rows handed out")
            try session.equal(try await session.column("amount"), ["10", "40"], "the rows left")
        },
        Check("a bulk delete hands out many rows, of more keys than a statement binds") { session in
            let types = session.types
            try await session.createItems("id \(raw: types.integer) PRIMARY KEY, note \(raw: types.text)")
            let values = (Int64(0)..<1_000).flatMap { [.integer($0), .text("note \($0)")] as [Value] }
            let insert = BulkInsert(into: ComplianceSession.items, columns: ["id", "note"], values: values)
            try await session.connection.run([.insert(insert)])
            let keys = (1...session.dialect.maximumBoundValues + 2).map { Value.integer(Int64($0)) }
            let result = try await session.delete(keys, returning: ["id", "note"])
            try session.equal(result.changes, 999, "the changes")
            let rows = (Int64(1)..<1_000).map { [.integer($0), .text("note \($0)")] as [Value] }
            try session.require(try session.sorted(result) == rows, "the rows handed out are not those that were there")
            try session.equal(try await session.column("id"), ["0"], "the rows left")
        },
        Check("deleted rows are handed out in their statement's place in a list") { session in
            try await session.createNotes()
            let items = ComplianceSession.items
            let deletes = ([4, 1] as [Value]).map { key in
                BulkDelete(from: items, keyColumns: ["id"], keys: [key], returning: ["name"])
            }
            let results = try await session.connection.run([
                .begin, .delete(deletes[0]), .query("SELECT id FROM \(identifier: items) ORDER BY id"),
                .delete(deletes[1]), .commit,
            ])
            try session.equal(results.map(\.changes), [0, 1, 0, 1, 0], "the changes")
            try session.equal(results[1].rows?.map(\.values), [["d"]], "the rows of the first delete")
            try session.equal(results[2].rows?.map(\.values), [[1], [2], [3]], "the rows of the query between")
            try session.equal(results[3].rows?.map(\.values), [["a"]], "the rows of the second delete")
        },
        Check("a guard counts the rows that a bulk delete hands out, and ends the list") { session in
            try await session.createNotes()
            let passed = try await session.delete([1, 2], returning: ["id"], expecting: 2)
            try session.equal(try session.sorted(passed), [[1], [2]], "the rows handed out")
            let (items, connection) = (ComplianceSession.items, session.connection)
            let delete = BulkDelete(from: items, keyColumns: ["id"], keys: [3, 99], returning: ["id"])
            let guarded = Statement(.delete(delete), expectedChanges: 2)
            let others: SQL = "DELETE FROM \(identifier: items) WHERE id = 4"
            let error = try await session.error(of: [.begin, guarded, .execute(others), .commit], "one row of two")
            try session.equal(error.code, .guardFailed, "the code")
            try session.equal(error.statement, 1, "the index of the failed statement")
            try await connection.run([.rollback])
            try session.equal(try await session.column("id"), ["3", "4"], "the rows after the rollback")
            let alone = try await session.error(of: [guarded, .execute(others)], "one row of two, by itself")
            try session.equal(alone.code, .guardFailed, "the code outside of a transaction")
            try session.equal(alone.statement, 0, "the index of the failed statement outside of a transaction")
            try session.require(try await session.column("id").contains("4"), "what stands behind the guard was run")
        },
        Check("a guard on a bulk delete of no rows fails in its place, and what ran before it stays") { session in
            for returning in [["id"], []] {
                try await session.dropTables()
                try await session.createNotes()
                let items = ComplianceSession.items
                let delete = BulkDelete(from: items, keyColumns: ["id"], keys: [], returning: returning)
                let deletes = [1, 2].map { "DELETE FROM \(identifier: items) WHERE id = \($0)" as SQL }
                let error = try await session.error(
                    of: [
                        .begin, .execute(deletes[0]), Statement(.delete(delete), expectedChanges: 1),
                        .execute(deletes[1]), .commit,
                    ],
                    "no row where one was expected"
                )
                try session.equal(error.code, .guardFailed, "the code")
                try session.equal(error.statement, 2, "the index of the failed statement")
                try await session.connection.run([.commit])
                try session.equal(try await session.column("id"), ["2", "3", "4"], "the rows left")
            }
        },
        Check("a bulk delete that fails outside of a transaction hands out nothing and deletes nothing") { session in
            let integer: SQL = "\(raw: session.types.integer)"
            let (parents, children) = (ComplianceSession.parents, ComplianceSession.children)
            try await session.connection.run([
                .execute("CREATE TABLE \(identifier: parents) (id \(integer) PRIMARY KEY)"),
                .execute(
                    """
                    CREATE TABLE \(identifier: children) (id \(integer) PRIMARY KEY, parent_id \(integer),
                    FOREIGN KEY (parent_id) REFERENCES \(identifier: parents) (id))
                    """
                ),
                .insert(BulkInsert(into: parents, columns: ["id"], values: [1, 2, 3])),
                .insert(BulkInsert(into: children, columns: ["id", "parent_id"], values: [1, 2])),
            ])
            let delete = BulkDelete(from: parents, keyColumns: ["id"], keys: [1, 2, 3], returning: ["id"])
            try await session.expect(.foreignKeyViolation, of: .delete(delete), "the delete of a parent")
            try session.equal(try await session.column("id", of: parents), ["1", "2", "3"], "the parents")
        },
    ]
}

extension ComplianceSession {
    /// Four rows of a number, two texts and a blob, NULLs among them.
    fileprivate func createNotes() async throws {
        try await createItems(
            """
            id \(raw: types.integer) PRIMARY KEY, name \(raw: types.shortText), note \(raw: types.text),
            data \(raw: types.blob)
            """
        )
        let values: [Value] = [
            1, "a", .null, .blob([0, 255]),
            2, "b", "Zwei 'b'", .null,
            3, "c", "", .blob([]),
            4, "d", "vier", .blob([1]),
        ]
        try await connection.run([
            .insert(BulkInsert(into: Self.items, columns: ["id", "name", "note", "data"], values: values))
        ])
    }

    fileprivate func delete(
        _ keys: [Value],
        by columns: [String] = ["id"],
        returning: [String],
        expecting count: Int? = nil
    ) async throws -> StatementResult {
        let delete = BulkDelete(from: Self.items, keyColumns: columns, keys: keys, returning: returning)
        return try await connection.run([Statement(.delete(delete), expectedChanges: count)])[0]
    }

    /// The rows that were handed out, in the order of their first column, an integer.
    fileprivate func sorted(_ result: StatementResult) throws -> [[Value]] {
        try unwrap(result.rows, "the result of rows").map(\.values)
            .sorted { ($0[0].integer ?? 0) < ($1[0].integer ?? 0) }
    }
}
