import Database

extension DriverCompliance {
    /// What a list of statements means.
    static let lists: [Check] = [
        Check("a list of statements gives a result for each") { session in
            try await session.createNamedItems()
            let results = try await session.connection.run([
                .begin,
                .execute(session.insertItem("a")),
                .query("SELECT name FROM \(identifier: ComplianceSession.items)"),
                .commit,
            ])
            try session.equal(results.map(\.changes), [0, 1, 0, 0], "the changes")
            try session.equal(results[2].rows?.map { $0[0] }, [.text("a")], "the rows of the query")
        },
        Check("an empty list does nothing") { session in
            try session.equal(try await session.connection.run([]).count, 0, "the results")
        },
        Check("a list ends at the first statement that fails, and what ran before stays") { session in
            try await session.createNamedItems()
            let error = try await session.error(
                of: [
                    .execute(session.insertItem("a")),
                    .execute(session.insertItem("b")),
                    .execute(session.insertItem("a")),
                    .execute(session.insertItem("c")),
                ],
                "a duplicate name"
            )
            try session.equal(error.statement, 2, "the index of the failed statement")
            try await session.expectNames(["a", "b"], "after the failed list")
        },
        Check("a failed list leaves its transaction open, to be rolled back") { session in
            try await session.createNamedItems()
            try await session.connection.execute(session.insertItem("a"))
            let error = try await session.error(
                of: [.begin, .execute(session.insertItem("b")), .execute(session.insertItem("a")), .commit],
                "a duplicate name"
            )
            try session.equal(error.statement, 2, "the index of the failed statement")
            try await session.connection.run([.rollback])
            try await session.expectNames(["a"], "after the rollback")
            try await session.connection.run([.begin, .execute(session.insertItem("c")), .commit])
            try await session.expectNames(["a", "c"], "after the next transaction")
        },
        Check("a bulk statement that fails tells its place in the list, too") { session in
            try await session.createNamedItems()
            let insert = BulkInsert(into: ComplianceSession.items, columns: ["name"], values: ["a", "a"])
            let error = try await session.error(of: [.query("SELECT 1"), .insert(insert)], "a duplicate name")
            try session.equal(error.statement, 1, "the index of the failed statement")
        },
    ]

    /// `expectedChanges`.
    static let guards: [Check] = [
        Check("a statement that changes as many rows as expected passes") { session in
            try await session.createNamedItems()
            let (first, update) = (session.insertItem("a"), session.setAmount)
            try await session.connection.run([.execute(first), .execute(update, expectedChanges: 1)])
            try session.equal(try await session.column("amount"), ["1"], "the amounts")
        },
        Check("a statement that changes another number of rows ends the list before COMMIT") { session in
            try await session.createNamedItems()
            try await session.connection.execute(session.insertItem("a"))
            for expected in [0, 2] {
                let error = try await session.error(
                    of: [.begin, .execute(session.setAmount, expectedChanges: expected), .commit],
                    "a change of one row where \(expected) were expected"
                )
                try session.equal(error.code, .guardFailed, "the code")
                try session.equal(error.statement, 1, "the index of the failed statement")
                try await session.connection.run([.rollback])
                try session.equal(try await session.column("amount"), ["0"], "the amounts")
            }
        },
        Check("nothing behind a failed guard is run, outside of a transaction too") { session in
            try await session.createNamedItems()
            let error = try await session.error(
                of: [.execute(session.setAmount, expectedChanges: 1), .execute(session.insertItem("b"))],
                "an update of no row"
            )
            try session.equal(error.code, .guardFailed, "the code")
            try await session.expectNames([], "behind the guard")
        },
        Check("guards hold for bulk statements") { session in
            try await session.createNamedItems()
            try await session.connection.execute(session.insertItem("a"))
            let items = ComplianceSession.items
            let update = BulkUpdate(
                items,
                keyColumns: ["name"],
                columns: ["amount"],
                keys: ["a", "z"],
                values: [1, 1]
            )
            let delete = BulkDelete(from: items, keyColumns: ["name"], keys: ["a", "z"])
            let insert = BulkInsert(into: items, columns: ["name"], values: ["a", "b"], onConflict: .skip([]))
            for action in [Statement.Action.update(update), .delete(delete), .insert(insert)] {
                let error = try await session.error(
                    of: [.begin, Statement(action, expectedChanges: 2), .commit],
                    "a bulk statement that changes one row of two"
                )
                try session.equal(error.code, .guardFailed, "the code")
                try await session.connection.run([.rollback])
            }
            try await session.expectNames(["a"], "after the rollbacks")
        },
    ]
}

extension ComplianceSession {
    fileprivate var setAmount: SQL { "UPDATE \(identifier: Self.items) SET amount = 1" }
}
