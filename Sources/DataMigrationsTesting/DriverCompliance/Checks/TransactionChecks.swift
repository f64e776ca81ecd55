import Database

extension DriverCompliance {
    private struct Abandoned: Error {}

    /// `BEGIN`, `COMMIT`, `ROLLBACK`.
    static let transactions: [Check] = [
        Check("COMMIT keeps the changes of a transaction") { session in
            try await session.createNamedItems()
            try await session.connection.run([.begin, .execute(session.insertItem("a")), .commit, .rollback])
            try await session.expectNames(["a"], "after COMMIT")
        },
        Check("ROLLBACK drops the changes of a transaction") { session in
            try await session.createNamedItems()
            try await session.connection.run([.begin, .execute(session.insertItem("a"))])
            try await session.expectNames(["a"], "in the transaction")
            try await session.connection.run([.rollback])
            try await session.expectNames([], "after ROLLBACK")
        },
        Check("ROLLBACK without a transaction does nothing") { session in
            try await session.createNamedItems()
            try await session.connection.run([.rollback, .execute(session.insertItem("a")), .rollback])
            try await session.expectNames(["a"], "after two rollbacks")
        },
        Check("transaction { } commits when its body returns") { session in
            try await session.createNamedItems()
            let result = try await session.connection.transaction {
                try await session.connection.execute(session.insertItem("a"))
            }
            try session.equal(result, 1, "what the body returned")
            try await session.connection.run([.rollback])
            try await session.expectNames(["a"], "after the transaction")
        },
        Check("transaction { } rolls back when its body throws, and throws the same") { session in
            try await session.createNamedItems()
            do {
                try await session.connection.transaction {
                    try await session.connection.execute(session.insertItem("a"))
                    throw Abandoned()
                }
                throw session.failure("the transaction did not throw")
            } catch is Abandoned {}
            try await session.expectNames([], "after the transaction")
        },
        Check("a cancelled task still ends its transaction") { session in
            try await session.createNamedItems()
            let connection = session.connection
            let task = Task {
                try await connection.transaction {
                    try await connection.execute(session.insertItem("a"))
                    withUnsafeCurrentTask { $0?.cancel() }
                    throw Abandoned()
                }
            }
            _ = await task.result
            try await session.expectNames([], "after the transaction of a cancelled task")
            try await connection.run([.begin, .execute(session.insertItem("b")), .commit])
            try await session.expectNames(["b"], "after the next transaction")
        },
        Check("a second session does not see what is not committed", needsSharedDatabase: true) { session in
            try await session.createNamedItems()
            try await session.connection.run([.begin, .execute(session.insertItem("a"))])
            let second = try await session.suite.connect()
            let count: SQL = "SELECT count(*) FROM \(identifier: ComplianceSession.items)"
            let before = try await second.query(count).value(row: 0, column: 0)
            try await session.connection.run([.commit])
            let after = try await second.query(count).value(row: 0, column: 0)
            await second.close()
            try session.equal([before, after], [0, 1], "the rows before and after COMMIT")
        },
    ]

    /// Nested transactions.
    static let savepoints: [Check] = [
        Check("RELEASE keeps the changes of a nested transaction") { session in
            try await session.createNamedItems()
            try await session.connection.run([
                .begin, .savepoint("one"), .execute(session.insertItem("a")), .release("one"), .commit,
            ])
            try await session.expectNames(["a"], "after RELEASE and COMMIT")
        },
        Check("rollbackTo drops the changes of a nested transaction, and ends it") { session in
            try await session.createNamedItems()
            try await session.connection.run([
                .begin, .execute(session.insertItem("a")), .savepoint("one"), .execute(session.insertItem("b")),
                .rollbackTo("one"), .execute(session.insertItem("c")),
            ])
            _ = try await session.error(of: [.release("one")], "the release of a savepoint that has ended")
            try await session.connection.run([.rollback])
            try await session.connection.run([
                .begin, .execute(session.insertItem("a")), .savepoint("one"), .execute(session.insertItem("b")),
                .rollbackTo("one"), .execute(session.insertItem("c")), .commit,
            ])
            try await session.expectNames(["a", "c"], "after COMMIT")
        },
        Check("an outer rollbackTo drops what an inner RELEASE kept") { session in
            try await session.createNamedItems()
            try await session.connection.run([
                .begin, .savepoint("outer"), .execute(session.insertItem("a")), .savepoint("inner"),
                .execute(session.insertItem("b")), .release("inner"), .rollbackTo("outer"),
                .execute(session.insertItem("c")), .commit,
            ])
            try await session.expectNames(["c"], "after COMMIT")
        },
        Check("an inner rollbackTo leaves what the outer one did") { session in
            try await session.createNamedItems()
            try await session.connection.run([
                .begin, .savepoint("outer"), .execute(session.insertItem("a")), .savepoint("inner"),
                .execute(session.insertItem("b")), .rollbackTo("inner"), .release("outer"), .commit,
            ])
            try await session.expectNames(["a"], "after COMMIT")
        },
        Check("savepoints of the same name nest") { session in
            try await session.createNamedItems()
            try await session.connection.run([
                .begin, .savepoint("s"), .execute(session.insertItem("a")), .savepoint("s"),
                .execute(session.insertItem("b")), .rollbackTo("s"), .release("s"), .commit,
            ])
            try await session.expectNames(["a"], "after COMMIT")
        },
        Check("after an error, rollbackTo makes the transaction go on") { session in
            try await session.createNamedItems()
            try await session.connection.run([.begin, .execute(session.insertItem("a")), .savepoint("one")])
            _ = try await session.error(
                of: [.execute(session.insertItem("b")), .execute(session.insertItem("a"))],
                "a duplicate name"
            )
            try await session.connection.run([.rollbackTo("one"), .execute(session.insertItem("c")), .commit])
            try await session.expectNames(["a", "c"], "after COMMIT")
        },
        Check("savepoint { } keeps what its body did, and drops it when the body throws") { session in
            try await session.createNamedItems()
            let connection = session.connection
            try await connection.transaction {
                try await connection.savepoint("keeps") {
                    _ = try await connection.execute(session.insertItem("a"))
                }
                do {
                    try await connection.savepoint("drops") {
                        try await connection.execute(session.insertItem("b"))
                        throw Abandoned()
                    }
                } catch is Abandoned {}
            }
            try await session.expectNames(["a"], "after the transaction")
        },
        Check("the name of a savepoint is quoted") { session in
            try await session.createNamedItems()
            try await session.connection.run([
                .begin, .savepoint("order \"x\""), .execute(session.insertItem("a")), .rollbackTo("order \"x\""),
                .commit,
            ])
            try await session.expectNames([], "after COMMIT")
        },
    ]
}
