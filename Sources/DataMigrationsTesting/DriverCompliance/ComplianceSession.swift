import Database

/// The connection under test, and words for what is expected of it.
struct ComplianceSession: Sendable {
    static let items = "azu_compliance_items"
    static let parents = "azu_compliance_parents"
    static let children = "azu_compliance_children"

    let check: String
    let connection: any DatabaseConnection
    let suite: DriverCompliance

    var types: ComplianceTypes { suite.types }
    var dialect: any Dialect { connection.dialect }

    func dropTables() async throws {
        try await connection.run([
            .rollback,
            .execute("DROP TABLE IF EXISTS \(identifier: Self.children)"),
            .execute("DROP TABLE IF EXISTS \(identifier: Self.parents)"),
            .execute("DROP TABLE IF EXISTS \(identifier: Self.items)"),
        ])
    }

    /// Makes the table of a check.
    func createItems(_ columns: SQL) async throws {
        try await connection.execute("CREATE TABLE \(identifier: Self.items) (\(columns))")
    }

    /// A table of `id`, `name` and `amount`, whose names are unique.
    func createNamedItems() async throws {
        try await createItems(
            """
            id \(raw: dialect.generatedKeyDefinition), name \(raw: types.shortText) UNIQUE,
            amount \(raw: types.integer)
            """
        )
    }

    func insertItem(_ name: String, _ amount: Int = 0) -> SQL {
        "INSERT INTO \(identifier: Self.items) (name, amount) VALUES (\(name), \(amount))"
    }

    /// What lies in a column, in the order of the column.
    func column(_ name: String, of table: String = items) async throws -> [String] {
        let rows = try await connection.query(
            "SELECT \(identifier: name) FROM \(identifier: table) ORDER BY \(identifier: name)"
        )
        return rows.map { $0[0].text ?? "NULL" }
    }

    /// Requires that the names in the table are these.
    func expectNames(_ names: [String], _ when: String) async throws {
        try equal(try await column("name"), names.sorted(), "the names in the table \(when)")
    }

    func failure(_ explanation: String) -> ComplianceFailure {
        ComplianceFailure(check: check, explanation: explanation)
    }

    func require(_ condition: Bool, _ explanation: @autoclosure () -> String) throws {
        if !condition { throw failure(explanation()) }
    }

    func equal<T: Equatable>(_ actual: T, _ expected: T, _ what: String) throws {
        try require(actual == expected, "\(what): expected \(expected), got \(actual)")
    }

    func unwrap<T>(_ value: T?, _ what: String) throws -> T {
        guard let value else { throw failure("\(what) is missing") }
        return value
    }

    /// The error of statements that must fail.
    func error(of statements: [Statement], _ what: String) async throws -> DatabaseError {
        do {
            try await connection.run(statements)
        } catch let error as DatabaseError {
            return error
        } catch {
            throw failure("\(what) threw a \(type(of: error)), which is no DatabaseError")
        }
        throw failure("\(what) did not fail")
    }

    /// Requires that a statement fails in a certain way.
    @discardableResult
    func expect(_ code: DatabaseError.Code, of statement: Statement, _ what: String) async throws -> DatabaseError {
        let error = try await error(of: [statement], what)
        try equal(error.code, code, "the code of \(what) (\(error))")
        try equal(error.kind, code.usualKind, "the kind of \(what)")
        return error
    }
}
