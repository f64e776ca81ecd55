import Database

extension DriverCompliance {
    /// `schema(of:)`.
    static let schemas: [Check] = [
        Check("a table that is not there has no schema") { session in
            let schema = try await session.connection.schema(of: "azu_compliance_nothing")
            try session.require(schema == nil, "a schema came for a table that is not there")
        },
        Check("the schema lists columns in order, with type and whether they take NULL") { session in
            let types = session.types
            try await session.createItems(
                """
                id \(raw: types.integer) PRIMARY KEY, name \(raw: types.shortText) NOT NULL,
                nickname \(raw: types.text), amount \(raw: types.integer) DEFAULT 0
                """
            )
            let schema = try await session.schema()
            try session.equal(schema.name, ComplianceSession.items, "the name")
            try session.equal(schema.columns.map(\.name), ["id", "name", "nickname", "amount"], "the columns")
            try session.equal(schema.columns.map(\.isNullable), [false, false, true, true], "which take NULL")
            try session.equal(schema.columns.map(\.isGenerated), [false, false, false, false], "which are computed")
            try session.require(schema.columns.allSatisfy { !$0.type.isEmpty }, "a type is empty")
        },
        Check("a generated column is marked") { session in
            let integer: SQL = "\(raw: session.types.integer)"
            try await session.createItems(
                "id \(integer) PRIMARY KEY, a \(integer), twice \(integer) GENERATED ALWAYS AS (a * 2) STORED"
            )
            let schema = try await session.schema()
            try session.equal(schema.columns.map(\.name), ["id", "a", "twice"], "the columns")
            try session.equal(schema.columns.map(\.isGenerated), [false, false, true], "which are computed")
        },
        Check("a key that numbers its rows is no generated column") { session in
            try await session.createNamedItems()
            let schema = try await session.schema()
            try session.equal(schema.column("id")?.isGenerated, false, "whether id is computed")
            try session.equal(schema.primaryKey, ["id"], "the key")
        },
        Check("a composite key comes in the order of the key, not of the columns") { session in
            let integer: SQL = "\(raw: session.types.integer)"
            try await session.createItems("a \(integer), b \(integer), c \(integer), PRIMARY KEY (c, a)")
            let schema = try await session.schema()
            try session.equal(schema.primaryKey, ["c", "a"], "the key")
        },
        Check("a table without a key says so") { session in
            try await session.createItems("a \(raw: session.types.integer)")
            let schema = try await session.schema()
            try session.equal(schema.primaryKey, [], "the key")
            try session.equal(schema.uniqueKeys, [], "the unique keys")
        },
        Check("unique keys are constraints, indexes and the primary key") { session in
            let integer: SQL = "\(raw: session.types.integer)"
            try await session.createItems(
                "id \(integer) PRIMARY KEY, a \(integer) UNIQUE, b \(integer), c \(integer), UNIQUE (c, b)"
            )
            let table: SQL = "\(identifier: ComplianceSession.items)"
            try await session.connection.execute("CREATE UNIQUE INDEX azu_compliance_index ON \(table) (b, a)")
            try await session.connection.execute("CREATE INDEX azu_compliance_plain ON \(table) (c)")
            let schema = try await session.schema()
            try session.equal(Set(schema.uniqueKeys), [["id"], ["a"], ["c", "b"], ["b", "a"]], "the unique keys")
            try session.equal(schema.uniqueKeys.count, 4, "the number of unique keys")
        },
        Check("the row identifier and the hint for the order of the key are valid SQL") { session in
            let integer: SQL = "\(raw: session.types.integer)"
            for columns: SQL in ["a \(integer), PRIMARY KEY (a)", "a \(integer), b \(integer), PRIMARY KEY (b, a)"] {
                try await session.dropTables()
                try await session.createItems(columns)
                let schema = try await session.schema()
                _ = try await session.connection.query(
                    """
                    SELECT \(raw: schema.rowIdentifier ?? "a") FROM \(identifier: ComplianceSession.items)
                    \(raw: schema.keyOrderHint ?? "") ORDER BY \(SQL.identifiers(schema.primaryKey))
                    """
                )
            }
        },
        Check("the schema lists the tables whose rows go, or change, along with a deleted row") { session in
            let (children, parents) = (ComplianceSession.children, ComplianceSession.parents)
            let references: [(ofChildren: String, ofParents: String, cascades: [String])] = [
                ("ON DELETE CASCADE", "ON DELETE SET NULL", [children, parents]),
                ("ON DELETE SET DEFAULT", "", [children]),
                ("ON DELETE CASCADE ON UPDATE CASCADE", "ON DELETE NO ACTION ON UPDATE SET NULL", [children]),
                ("ON DELETE RESTRICT", "ON UPDATE CASCADE", []),
            ]
            for (ofChildren, ofParents, cascades) in references {
                try await session.dropTables()
                try await session.createItems("id \(raw: session.types.integer) PRIMARY KEY")
                try await session.createReference(from: children, ofChildren)
                try await session.createReference(from: parents, ofParents)
                let what = "the tables that follow, with \(ofChildren), \(ofParents)"
                try session.equal(try await session.schema().followers, cascades, what)
                let schema = try session.unwrap(try await session.connection.schema(of: children), "the schema")
                try session.equal(schema.followers, [], "the tables that follow the one that refers to others")
            }
        },
        Check("a table that follows in two ways is listed once, and may be the table itself") { session in
            let table: SQL = "\(identifier: ComplianceSession.items)"
            let integer: SQL = "\(raw: session.types.integer)"
            try await session.createItems(
                """
                id \(integer) PRIMARY KEY, a \(integer), b \(integer),
                FOREIGN KEY (a) REFERENCES \(table) (id) ON DELETE CASCADE,
                FOREIGN KEY (b) REFERENCES \(table) (id) ON DELETE SET NULL
                """
            )
            try session.equal(try await session.schema().followers, [ComplianceSession.items], "the tables that follow")
        },
        Check("what the database itself does for keys is no trigger") { session in
            try await session.createNamedItems()
            try await session.createReference(from: ComplianceSession.children, "ON DELETE CASCADE")
            for table in [ComplianceSession.items, ComplianceSession.children] {
                let schema = try session.unwrap(try await session.connection.schema(of: table), "the schema")
                try session.equal(schema.triggers, [], "the triggers of \(table)")
            }
        },
        Check("the schema sees a table that the open transaction made") { session in
            try await session.connection.run([.begin])
            try await session.createItems("a \(raw: session.types.integer)")
            try session.equal(try await session.schema().columns.map(\.name), ["a"], "the columns")
            try await session.connection.run([.commit])
        },
    ]
}

extension ComplianceSession {
    fileprivate func schema() async throws -> TableSchema {
        try unwrap(try await connection.schema(of: Self.items), "the schema")
    }

    /// Makes a table that refers to the one of the check.
    fileprivate func createReference(from table: String, _ actions: String) async throws {
        try await connection.execute(
            """
            CREATE TABLE \(identifier: table) (id \(raw: types.integer) PRIMARY KEY, item_id \(raw: types.integer),
            FOREIGN KEY (item_id) REFERENCES \(identifier: Self.items) (id) \(raw: actions))
            """
        )
    }
}

extension TableSchema {
    /// The names of the tables that follow.
    fileprivate var followers: [String] { Set(cascades.map(\.table)).sorted() }
}
