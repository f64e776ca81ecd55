import Database

extension DriverCompliance {
    /// What `\( )` in SQL does.
    static let bindings: [Check] = [
        Check("an interpolated value is bound, never spliced") { session in
            try await session.createNamedItems()
            let attack = "x'); DROP TABLE azu_compliance_items; --"
            try await session.connection.execute(session.insertItem(attack))
            try await session.expectNames([attack], "after an attack")
            let rows = try await session.connection.query(
                "SELECT name FROM \(identifier: ComplianceSession.items) WHERE name = \(attack) OR name = \("' OR 1=1")"
            )
            try session.equal(rows.count, 1, "the rows of the name")
        },
        Check("question marks and dollars in literals of the SQL are no placeholders") { session in
            try await session.createNamedItems()
            try await session.connection.execute(session.insertItem("a?$1"))
            let rows = try await session.connection.query(
                "SELECT name FROM \(identifier: ComplianceSession.items) WHERE name = 'a?$1' AND amount = \(0)"
            )
            try session.equal(rows.count, 1, "the rows found")
        },
        Check("a list binds each of its values") { session in
            try await session.createNamedItems()
            for name in ["a", "b", "c"] { try await session.connection.execute(session.insertItem(name)) }
            try session.equal(try await session.names(in: ["a", "c", "z"]), ["a", "c"], "the names IN the list")
            try session.equal(try await session.names(notIn: ["a", "c", "z"]), ["b"], "the names NOT IN the list")
        },
        Check("nothing is in an empty list, and everything is not in it") { session in
            try await session.createNamedItems()
            for name in ["a", "b"] { try await session.connection.execute(session.insertItem(name)) }
            try session.equal(try await session.names(in: []), [], "the names IN an empty list")
            try session.equal(try await session.names(notIn: []), ["a", "b"], "the names NOT IN an empty list")
            let amounts = try await session.connection.query(
                "SELECT id FROM \(identifier: ComplianceSession.items) WHERE amount IN \([Int]())"
            )
            try session.equal(amounts.count, 0, "the rows with an integer IN an empty list")
        },
        Check("a statement binds as many values as the dialect says") { session in
            try await session.createNamedItems()
            try await session.connection.execute(session.insertItem("a", 7))
            let rows = try await session.connection.query(
                """
                SELECT name FROM \(identifier: ComplianceSession.items)
                WHERE amount IN \(1...min(session.dialect.maximumBoundValues, 100_000))
                """
            )
            try session.equal(rows.count, 1, "the rows found")
        },
        Check("results name their columns in order") { session in
            let rows = try await session.connection.query("SELECT 1 AS b, 2 AS a")
            try session.equal(rows.columns, ["b", "a"], "the columns")
            try session.equal(rows.map(\.values), [[.integer(1), .integer(2)]], "the rows")
        },
        Check("a query without rows still names its columns") { session in
            let rows = try await session.connection.query("SELECT 1 AS a WHERE 1 = 0")
            try session.equal(rows.columns, ["a"], "the columns")
            try session.equal(rows.count, 0, "the number of rows")
        },
        Check("a statement says how many rows it changed") { session in
            try await session.createNamedItems()
            for name in ["a", "b", "c"] {
                try session.equal(try await session.connection.execute(session.insertItem(name)), 1, "an insert")
            }
            let items = ComplianceSession.items
            let connection = session.connection
            let updated = try await connection.execute("UPDATE \(identifier: items) SET amount = 1 WHERE name <> 'a'")
            try session.equal(updated, 2, "an update of two rows")
            let none = try await connection.execute("UPDATE \(identifier: items) SET amount = 1 WHERE name = 'z'")
            try session.equal(none, 0, "an update of no row")
            let deleted = try await connection.execute("DELETE FROM \(identifier: items)")
            try session.equal(deleted, 3, "a delete of all rows")
            let created = try await connection.run([.query("SELECT 1")])[0].changes
            try session.equal(created, 0, "a query")
        },
    ]

    /// Names that only quotes make possible.
    static let identifiers: [Check] = [
        Check("names can be keywords, hold quotes, blanks and letters of any script") { session in
            let names = ["order", "select", "we\"ird", "it's", "two words", "größe", "UPPER"]
            let connection = session.connection
            let columns = names.map { "\(identifier: $0) \(raw: session.types.integer)" as SQL }
            try await session.createItems(SQL.joined(columns, separator: ", "))
            let values = names.indices.map { Value.integer(Int64($0)) }
            try await connection.run([
                .insert(BulkInsert(into: ComplianceSession.items, columns: names, values: values)),
                .update(
                    BulkUpdate(
                        ComplianceSession.items,
                        keyColumns: ["order"],
                        columns: ["we\"ird"],
                        keys: [0],
                        values: [20]
                    )
                ),
            ])
            let rows = try await connection.query(
                """
                SELECT \(SQL.identifiers(names)) FROM \(identifier: ComplianceSession.items)
                WHERE \(identifier: "we\"ird") = 20
                """
            )
            try session.equal(rows.columns, names, "the columns")
            try session.equal(rows.map(\.values), [[0, 1, 20, 3, 4, 5, 6]], "the rows")
            let schema = try session.unwrap(try await connection.schema(of: ComplianceSession.items), "the schema")
            try session.equal(schema.columns.map(\.name), names, "the columns of the schema")
        }
    ]
}

extension ComplianceSession {
    fileprivate func names(in list: [String]) async throws -> [String] {
        try await names("name IN \(list)")
    }

    fileprivate func names(notIn list: [String]) async throws -> [String] {
        try await names("name NOT IN \(list)")
    }

    private func names(_ condition: SQL) async throws -> [String] {
        let rows = try await connection.query(
            "SELECT name FROM \(identifier: Self.items) WHERE \(condition) ORDER BY name"
        )
        return rows.map { $0[0].text ?? "NULL" }
    }
}
