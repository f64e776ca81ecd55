import Database

/// Writes values of one type in every way that the driver knows, and reads them in both forms that a result has.
struct RoundTrip {
    /// One field, as it was read.
    struct Field {
        /// How it was written.
        var way: String
        /// Which of the values it is.
        var place: Int
        /// As it came in the form that the driver asks for: binary, where it knows the type.
        var value: Value
        /// As it came in a result of text.
        var plain: Value
        /// What the server says of it.
        var text: String?
    }

    let connection: any DatabaseConnection
    let type: String
    /// What the server says of a field: by the type's output function, which a cast is not for every type.
    var says = "CASE WHEN field IS NOT NULL THEN format('%s', field) END"

    /// Writes the values, of which there are fewer than 100, and reads what became of them.
    func fields(_ values: [Value]) async throws -> [Field] {
        let table: SQL = """
            CREATE TABLE items (id bigint PRIMARY KEY, way text NOT NULL, place bigint NOT NULL, field \(raw: type))
            """
        try await connection.run([.execute("DROP TABLE IF EXISTS items"), .execute(table)])
        for (place, value) in values.enumerated() {
            try await connection.execute("INSERT INTO items VALUES (\(place), 'a statement', \(place), \(value))")
        }
        let few = Array(values.indices)
        // From 100 rows on, COPY is used.
        let many = (0..<120).map { $0 % values.count }
        try await insert(few, of: values, as: "a bulk insert", from: 1_000)
        try await insert(many, of: values, as: "COPY", from: 2_000)
        try await update(few, of: values, as: "a bulk update", from: 3_000)
        try await update(many, of: values, as: "a large bulk update", from: 4_000)
        return try await read()
    }

    /// What the server says of the same values, given to it as literals of its own.
    func oracle(_ literals: [String?]) async throws -> [String?] {
        let rows = literals.enumerated().map { place, literal in
            "(\(place), CAST(\(literal.map(Self.quoted) ?? "NULL") AS \(type)))"
        }
        let list = rows.joined(separator: ", ")
        let sql = "SELECT \(says) AS says FROM (VALUES \(list)) AS items (place, field) ORDER BY place"
        return try await connection.query(SQL(raw: sql)).map { $0[0].text }
    }

    private static func quoted(_ text: String) -> String { "'" + text.replacing("'", with: "''") + "'" }

    private func read() async throws -> [Field] {
        let columns = "way, place, field, \(says) AS says"
        // Without a bound value, a result comes as text.
        let plain = try await connection.query("SELECT \(raw: columns) FROM items ORDER BY id")
        let known = try await connection.query("SELECT \(raw: columns) FROM items WHERE id >= \(0) ORDER BY id")
        return zip(known, plain).map { known, plain in
            Field(
                way: known["way"].text ?? "",
                place: Int(known["place"].integer ?? 0),
                value: known["field"],
                plain: plain["field"],
                text: known["says"].text
            )
        }
    }

    private func insert(_ places: [Int], of values: [Value], as way: String, from id: Int) async throws {
        let rows = places.enumerated().flatMap { row, place -> [Value] in
            [.integer(Int64(id + row)), .text(way), .integer(Int64(place)), values[place]]
        }
        let columns = ["id", "way", "place", "field"]
        try await connection.run([.insert(BulkInsert(into: "items", columns: columns, values: rows))])
    }

    private func update(_ places: [Int], of values: [Value], as way: String, from id: Int) async throws {
        let ids = places.indices.map { Value.integer(Int64(id + $0)) }
        let rows = places.enumerated().flatMap { row, place -> [Value] in
            [ids[row], .text(way), .integer(Int64(place))]
        }
        let update = BulkUpdate(
            "items",
            keyColumns: ["id"],
            columns: ["field"],
            keys: ids,
            values: places.map { values[$0] }
        )
        try await connection.run([
            .insert(BulkInsert(into: "items", columns: ["id", "way", "place"], values: rows)), .update(update),
        ])
    }
}
