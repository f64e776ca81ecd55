import Database

extension DriverCompliance {
    /// The classes of errors.
    static let errors: [Check] = [
        Check("a unique violation is a row's fault, and names the table and the column") { session in
            try await session.createNamedItems()
            try await session.connection.execute(session.insertItem("a"))
            let error = try await session.expect(
                .uniqueViolation,
                of: .execute(session.insertItem("a")),
                "a duplicate name"
            )
            try session.equal(error.constraint?.columns, ["name"], "the columns")
            try session.equal(error.constraint?.table, ComplianceSession.items, "the table")
        },
        Check("a unique violation of several columns names them all") { session in
            try await session.createItems(
                """
                a \(raw: session.types.integer), b \(raw: session.types.integer), c \(raw: session.types.integer),
                UNIQUE (c, a)
                """
            )
            let insert = BulkInsert(
                into: ComplianceSession.items,
                columns: ["a", "b", "c"],
                values: [1, 2, 3, 1, 5, 3]
            )
            let error = try await session.expect(.uniqueViolation, of: .insert(insert), "a duplicate pair")
            try session.equal(error.constraint?.columns, ["c", "a"], "the columns")
            try session.equal(error.constraint?.table, ComplianceSession.items, "the table")
        },
        Check("a duplicate key is a unique violation") { session in
            try await session.createStrict()
            try await session.connection.execute(session.insertStrict(1))
            let error = try await session.expect(
                .uniqueViolation,
                of: .execute(session.insertStrict(1)),
                "a duplicate key"
            )
            try session.equal(error.constraint?.columns, ["id"], "the columns")
        },
        Check("NULL where there must be a value is a row's fault") { session in
            try await session.createStrict()
            let insert: SQL = "INSERT INTO \(identifier: ComplianceSession.items) (id, name) VALUES (1, \(Value.null))"
            try await session.expect(.notNullViolation, of: .execute(insert), "NULL in a column that takes none")
        },
        Check("a broken CHECK is a row's fault") { session in
            try await session.createStrict()
            let insert = BulkInsert(
                into: ComplianceSession.items,
                columns: ["id", "name", "amount"],
                values: [1, "a", -1]
            )
            try await session.expect(.checkViolation, of: .insert(insert), "a negative amount")
        },
        Check("text in an integer key is a row's fault") { session in
            try await session.createStrict()
            let insert: SQL = "INSERT INTO \(identifier: ComplianceSession.items) (id, name) VALUES (\("one"), 'a')"
            try await session.expect(.invalidData, of: .execute(insert), "text in an integer key")
        },
        Check("a missing table is fatal") { session in
            try await session.expect(
                .missingTable,
                of: .query("SELECT * FROM azu_compliance_nothing"),
                "a query of a missing table"
            )
            let delete = BulkDelete(from: "azu_compliance_nothing", keyColumns: ["id"], keys: [1])
            try await session.expect(.missingTable, of: .delete(delete), "a delete from a missing table")
        },
        Check("a missing column is fatal, even if quoted") { session in
            try await session.createNamedItems()
            let query: SQL = "SELECT \(identifier: "nope") FROM \(identifier: ComplianceSession.items)"
            try await session.expect(.missingColumn, of: .query(query), "a query of a missing column")
            let filter: SQL =
                "SELECT id FROM \(identifier: ComplianceSession.items) WHERE \(identifier: "nope") = 'nope'"
            try await session.expect(.missingColumn, of: .query(filter), "a condition on a missing column")
            let insert = BulkInsert(into: ComplianceSession.items, columns: ["nope"], values: [1])
            try await session.expect(.missingColumn, of: .insert(insert), "an insert into a missing column")
        },
        Check("SQL that can't be understood is fatal") { session in
            try await session.expect(.syntax, of: .query("SELEC 1"), "a misspelt keyword")
        },
        Check("an error outside of a transaction leaves the session usable") { session in
            _ = try await session.error(of: [.query("SELECT * FROM azu_compliance_nothing")], "a missing table")
            try session.equal(try await session.connection.query("SELECT 1").count, 1, "the rows of the next query")
        },
        Check("SQL with a placeholder of its own is refused") { session in
            let placeholder = session.dialect.placeholder(1)
            _ = try await session.error(of: [.query("SELECT \(raw: placeholder)")], "a placeholder without a value")
        },
    ]

    /// What must not be in the description of an error.
    static let secrecy: [Check] = [
        Check("the description of an error, its message and its SQL hold no bound value") { session in
            let secret = "correct-horse-battery"
            try await session.createStrict()
            try await session.connection.execute(session.insertStrict(1, secret))
            let items = ComplianceSession.items
            let statements: [Statement] = [
                .execute(session.insertStrict(2, secret)),
                .insert(BulkInsert(into: items, columns: ["id", "name"], values: [3, .text(secret)])),
                .execute("INSERT INTO \(identifier: items) (id, name) VALUES (\(secret), 'x')"),
                .execute("INSERT INTO \(identifier: items) (id, name, amount) VALUES (4, \(secret + "x"), \(-1))"),
                .execute("INSERT INTO \(identifier: items) (id, name, amount) VALUES (\(Value.null), \(secret), -1)"),
                .query("SELECT * FROM azu_compliance_nothing WHERE name = \(secret)"),
                .query("SELEC \(secret)"),
            ]
            for (index, statement) in statements.enumerated() {
                let error = try await session.error(of: [statement], "statement \(index)")
                for text in [error.description, error.message, error.sql ?? ""] {
                    try session.require(!text.contains(secret), "the error of statement \(index) holds the value")
                    try session.require(
                        !text.isEmpty || error.sql == nil,
                        "the error of statement \(index) says nothing"
                    )
                }
            }
        }
    ]
}

extension ComplianceSession {
    /// A table with constraints of every sort.
    fileprivate func createStrict() async throws {
        try await createItems(
            """
            id \(raw: types.integer) PRIMARY KEY, name \(raw: types.shortText) NOT NULL UNIQUE,
            amount \(raw: types.integer) CHECK (amount >= 0)
            """
        )
    }

    fileprivate func insertStrict(_ id: Int, _ name: String = "a") -> SQL {
        "INSERT INTO \(identifier: Self.items) (id, name) VALUES (\(id), \(name))"
    }
}
