import Database
import Testing

/// What the server says of a value that it can't read holds the value; what azu says does not.
@Suite(.enabled(if: TestServer.isThere), .serialized)
struct ErrorTests {
    struct Wrong: Sendable, CustomTestStringConvertible {
        var type: String
        var value: Value
        /// What must not be told.
        var secret: String

        init(_ type: String, _ value: Value, secret: String = ErrorTests.secret) {
            self.type = type
            self.value = value
            self.secret = secret
        }

        var testDescription: String { "\(value) as \(type)" }
    }

    static let secret = "98765-correct-horse"

    /// Types whose input functions refuse the secret, or to which it is too long.
    private static let types = [
        "int2", "int4", "int8", "numeric", "float4", "float8", "bool", "date", "timestamp", "timestamptz", "time",
        "interval", "uuid", "json", "jsonb", "mood", "inet", "int4range", "point", "int4[]", "uuid[]", "varchar(3)",
        "positive",
    ]

    private static let others: [Wrong] = [
        Wrong("int2", .integer(98_765), secret: "98765"),
        Wrong("int4", .integer(98_765_432_109), secret: "98765"),
        Wrong("int4", .text("98765432109"), secret: "98765"),
        Wrong("int8", .text("98765432109876543210"), secret: "98765"),
        Wrong("int4", .double(98_765.5), secret: "98765"),
        Wrong("float4", .text("98765e99"), secret: "98765"),
        Wrong("float8", .text("98765e999"), secret: "98765"),
        Wrong("numeric(5, 2)", .text("98765.43"), secret: "98765"),
        Wrong("date", .text("9876-54-32"), secret: "9876-54"),
        Wrong("timestamp", .text("9876-54-32 10:11:12"), secret: "9876-54"),
        Wrong("json", .json("{\"\(secret)")),
        Wrong("jsonb", .json("{\"\(secret)")),
        Wrong("int4[]", .array([1, .text(secret)])),
        Wrong("uuid[]", .json("[\"\(secret)\"]")),
        Wrong("text", .text(secret + "\u{0}")),
        Wrong("text", .text("a \" quote and \(secret)\nin \"lines\" \u{0}")),
        Wrong("mood", .text("a \" quote and \(secret)\nin \"lines\"")),
    ]

    static let wrong: [Wrong] = types.map { Wrong($0, .text(secret)) } + others

    /// The value written by a statement, by bulk inserts of few rows and of many, and by a bulk update.
    private static func statements(_ value: Value) -> [Statement] {
        let many = (2...140).flatMap { row -> [Value] in [.integer(Int64(row)), row == 77 ? value : .null] }
        let columns = ["id", "field"]
        return [
            .execute("INSERT INTO items VALUES (2, \(value))"),
            .execute("UPDATE items SET field = \(value)"),
            .insert(BulkInsert(into: "items", columns: columns, values: [2, value, 3, .null])),
            .insert(BulkInsert(into: "items", columns: columns, values: many)),
            .update(BulkUpdate("items", keyColumns: ["id"], columns: ["field"], keys: [1], values: [value])),
        ]
    }

    @Test(arguments: wrong) func whatIsWrongWithAValueIsToldWithoutIt(_ wrong: Wrong) async throws {
        try await TestServer.withConnection { connection in
            for type in Sample.ownTypes { try await connection.execute(type) }
            try await connection.execute("CREATE TABLE items (id bigint PRIMARY KEY, field \(raw: wrong.type))")
            try await connection.execute("INSERT INTO items (id) VALUES (1)")
            for (index, statement) in Self.statements(wrong.value).enumerated() {
                let error = await #expect(throws: DatabaseError.self, "statement \(index)") {
                    try await connection.run([statement])
                }
                guard let error else { continue }
                #expect(error.code == .invalidData, "\(error)")
                #expect(error.kind == .rowFault)
                #expect(!error.description.isEmpty)
                for text in [error.description, error.message, error.sql ?? ""] {
                    #expect(!text.contains(wrong.secret), "statement \(index): \(text)")
                }
            }
            let left = try await connection.query("SELECT id, field FROM items")
            #expect(left.map(\.values) == [[1, .null]], "a statement that failed has written something")
        }
    }
}
