import Database

extension DriverCompliance {
    /// `BulkInsert` where no row conflicts.
    static let bulkInserts: [Check] = [
        Check("a bulk insert writes every row") { session in
            try await session.createNamedItems()
            let result = try await session.insert(["name", "amount"], ["a", 1, "b", nil, "c", 3])
            try session.equal(result.changes, 3, "the changes")
            try session.equal(result.rows?.count ?? 0, 0, "the rows returned though none were asked for")
            try await session.expectNames(["a", "b", "c"], "after the insert")
            try session.equal(try await session.column("amount").sorted(), ["1", "3", "NULL"], "the amounts")
        },
        Check("a bulk insert of no rows does nothing") { session in
            try await session.createNamedItems()
            let result = try await session.insert(["name"], [], returning: ["id"])
            try session.equal(result.changes, 0, "the changes")
            try session.equal(result.rows?.count ?? 0, 0, "the keys")
        },
        Check("a bulk insert returns the new keys in the order of the rows") { session in
            try await session.createNamedItems()
            let names = (0..<500).map { "name \(($0 * 7_919) % 500)" }
            let result = try await session.insert(["name"], names.map(Value.text), returning: ["id", "name"])
            let rows = try session.unwrap(result.rows, "the rows of the keys")
            try session.equal(rows.columns, ["id", "name"], "the columns returned")
            try session.equal(rows.map { $0[1].text ?? "" }, names, "the names returned")
            try session.equal(Set(rows.map { $0[0] }).count, 500, "the number of different keys")
            let stored = try await session.connection.query(
                "SELECT id, name FROM \(identifier: ComplianceSession.items)"
            )
            try session.equal(Set(stored.map(\.values)), Set(rows.map(\.values)), "the rows stored")
        },
        Check("a bulk insert takes more values than a statement binds") { session in
            try await session.createNamedItems()
            let rows = session.dialect.maximumBoundValues / 2 + 1
            let values = (0..<rows).flatMap { [Value.text("name \($0)"), .integer(Int64($0))] }
            let result = try await session.insert(["name", "amount"], values, returning: ["amount"])
            try session.equal(result.changes, rows, "the changes")
            let amounts = try session.unwrap(result.rows, "the rows returned").map { $0[0] }
            try session.equal(amounts, (0..<rows).map { .integer(Int64($0)) }, "the amounts returned")
        },
        Check("a bulk insert that fails outside of a transaction leaves nothing behind") { session in
            try await session.createNamedItems()
            let error = try await session.error(
                of: [.insert(BulkInsert(into: ComplianceSession.items, columns: ["name"], values: ["a", "b", "a"]))],
                "a duplicate name"
            )
            try session.equal(error.code, .uniqueViolation, "the code")
            try await session.expectNames([], "after the failed insert")
        },
        Check("a composite key comes back whole") { session in
            try await session.createItems(
                "a \(raw: session.types.integer), b \(raw: session.types.shortText), PRIMARY KEY (a, b)"
            )
            let result = try await session.insert(["b", "a"], ["x", 1, "y", 1], returning: ["a", "b"])
            try session.equal(result.rows?.map(\.values), [[1, "x"], [1, "y"]], "the keys")
        },
    ]

    /// `BulkInsert` where rows conflict with others.
    static let conflicts: [Check] = [
        Check("onConflict .fail fails") { session in
            try await session.createConflict()
            let insert = session.bulk(["name"], ["b", "a"], .fail, ["id"])
            let error = try await session.error(of: [.begin, .insert(insert), .commit], "a duplicate name")
            try session.equal(error.code, .uniqueViolation, "the code")
            try await session.connection.run([.rollback])
            try await session.expectNames(["a"], "after the rollback")
        },
        Check("onConflict .skip leaves out rows that conflict, and returns NULL for them") { session in
            try await session.createConflict()
            let values: [Value] = ["b", 1, "a", 2, "c", 3, "b", 4]
            let result = try await session.insert(["name", "amount"], values, .skip([]), returning: ["id", "name"])
            try session.equal(result.changes, 2, "the changes")
            let rows = try session.unwrap(result.rows, "the rows returned")
            try session.equal(rows.map { $0[1] }, ["b", .null, "c", .null], "the names returned")
            try session.equal(rows.map { $0[0].isNull }, [false, true, false, true], "which keys are NULL")
            try session.equal(
                try await session.nameAndAmount(),
                [["a", 10], ["b", 1], ["c", 3]],
                "the rows after the insert"
            )
        },
        Check("onConflict .skip with columns skips conflicts on those only") { session in
            try await session.createConflict()
            let skipped = try await session.insert(["id", "name"], [7, "a", 8, "b"], .skip(["name"]))
            try session.equal(skipped.changes, 1, "the changes")
            try await session.expectNames(["a", "b"], "after the insert")
            let insert = session.bulk(["id", "name"], [8, "c"], .skip(["name"]))
            try await session.expect(.uniqueViolation, of: .insert(insert), "a conflict on another key")
            try await session.expectNames(["a", "b"], "after the failed insert")
        },
        Check("onConflict .update gives the row that is there the new values") { session in
            try await session.createConflict()
            let before = try await session.connection.query("SELECT id FROM \(identifier: ComplianceSession.items)")
            let result = try await session.insert(
                ["name", "amount"],
                ["b", 1, "a", 2],
                .update(["name"], set: []),
                returning: ["id"]
            )
            let keys = try session.unwrap(result.rows, "the keys").map { $0[0] }
            try session.require(keys.allSatisfy { !$0.isNull }, "a key is NULL, though no row was skipped")
            try session.equal(keys[1], before[0][0], "the key of the row that was there")
            try session.equal(try await session.nameAndAmount(), [["a", 2], ["b", 1]], "the rows after the insert")
        },
        Check("onConflict .update with set changes those columns only") { session in
            try await session.createItems(
                """
                name \(raw: session.types.shortText) PRIMARY KEY, amount \(raw: session.types.integer),
                price \(raw: session.types.integer)
                """
            )
            _ = try await session.insert(["name", "amount", "price"], ["a", 1, 1])
            _ = try await session.insert(["name", "amount", "price"], ["a", 2, 2], .update(["name"], set: ["price"]))
            let rows = try await session.connection.query(
                "SELECT amount, price FROM \(identifier: ComplianceSession.items)"
            )
            try session.equal(rows.map(\.values), [[1, 2]], "amount and price")
        },
        Check("onConflict .update of a table that is all key changes nothing") { session in
            try await session.createItems("name \(raw: session.types.shortText) PRIMARY KEY")
            _ = try await session.insert(["name"], ["a"])
            _ = try await session.insert(["name"], ["b", "a"], .update(["name"], set: []))
            try await session.expectNames(["a", "b"], "after the insert")
        },
    ]
}

extension ComplianceSession {
    /// A table with the row `a`, 10.
    fileprivate func createConflict() async throws {
        try await createNamedItems()
        try await connection.execute(insertItem("a", 10))
    }

    fileprivate func nameAndAmount() async throws -> [[Value]] {
        try await connection.query("SELECT name, amount FROM \(identifier: Self.items) ORDER BY name").map(\.values)
    }

    fileprivate func bulk(
        _ columns: [String],
        _ values: [Value],
        _ conflict: BulkInsert.Conflict = .fail,
        _ returning: [String] = []
    ) -> BulkInsert {
        BulkInsert(into: Self.items, columns: columns, values: values, onConflict: conflict, returning: returning)
    }

    fileprivate func insert(
        _ columns: [String],
        _ values: [Value],
        _ conflict: BulkInsert.Conflict = .fail,
        returning: [String] = []
    ) async throws -> StatementResult {
        try await connection.run([.insert(bulk(columns, values, conflict, returning))])[0]
    }
}
