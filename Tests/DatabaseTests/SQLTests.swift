import Database
import Foundation
import Testing

@Suite("The SQL literal")
struct SQLTests {
    @Test func eachDialectWritesItsOwnPlaceholders() {
        let sql: SQL = "SELECT * FROM users WHERE name = \("O'Brien") AND id IN \([1, 2]) AND age > \(3)"
        let questions = sql.rendered(for: QuestionMarks())
        let dollars = sql.rendered(for: NumberedDollars())
        #expect(questions.text == "SELECT * FROM users WHERE name = ? AND id IN (?, ?) AND age > ?")
        #expect(dollars.text == "SELECT * FROM users WHERE name = $1 AND id IN ($2, $3) AND age > $4")
        #expect(questions.values == ["O'Brien", 1, 2, 3])
        #expect(dollars.values == questions.values)
    }

    @Test func anIdentifierIsQuotedInItsPartsByTheDialect() {
        let sql: SQL = "SELECT \(identifier: "or\"der") FROM \(identifier: "shop.users")"
        #expect(sql.rendered(for: QuestionMarks()).text == #"SELECT "or""der" FROM "shop"."users""#)
        #expect(sql.rendered(for: NumberedDollars()).text == #"SELECT `or"der` FROM `shop.users`"#)
        #expect(sql.values.isEmpty)
    }

    @Test func aPieceInsideAnotherKeepsItsValuesInOrder() {
        let inner: SQL = "b = \(2) OR c IN \([3, 4])"
        let sql: SQL = "a = \(1) AND (\(inner)) AND d = \(5)"
        let rendered = sql.rendered(for: NumberedDollars())
        #expect(rendered.text == "a = $1 AND (b = $2 OR c IN ($3, $4)) AND d = $5")
        #expect(rendered.values == [1, 2, 3, 4, 5])
    }

    @Test func onlyRawTextIsSpliced() {
        let text = "1; DROP TABLE users"
        #expect(SQL(raw: text).rendered(for: QuestionMarks()) == RenderedSQL.text(text, []))
        #expect(("x = \(raw: text)" as SQL).rendered(for: QuestionMarks()) == .text("x = " + text, []))
        #expect(("x = \(text)" as SQL).rendered(for: QuestionMarks()) == .text("x = ?", [.text(text)]))
        let slice = text.prefix(1)
        #expect(("x = \(slice)" as SQL).rendered(for: QuestionMarks()) == .text("x = ?", ["1"]))
    }

    @Test func anEmptyListIsAQueryWithoutRows() {
        let sql: SQL = "id IN \([Int]()) AND a = \(1)"
        let rendered = sql.rendered(for: NumberedDollars())
        #expect(rendered.text == "id IN (SELECT NULL WHERE 1 = 0) AND a = $1")
        #expect(rendered.values == [1])
    }

    @Test func eachTypeBindsAsItself() throws {
        let uuid = UUID()
        let date = Date()
        let absent: Int? = nil
        let present: String? = "x"
        let data = Data([1, 2])
        let decimal = try #require(Decimal(string: "1.5"))
        let sql: SQL = """
            \(1) \(UInt8(2)) \(2.5) \(Float(0.5)) \(true) \("t") \(uuid) \(date) \(decimal) \(data) \(absent) \(present)
            """
        #expect(
            sql.values == [
                1, 2, 2.5, 0.5, true, "t", .uuid(uuid), .date(date), .decimal(decimal), .blob([1, 2]), .null, "x",
            ]
        )
        #expect(sql.rendered(for: QuestionMarks()).text == Array(repeating: "?", count: 12).joined(separator: " "))
    }

    @Test func aListTakesAnySequence() {
        let optional: [Int?] = [1, nil]
        let sql: SQL = "\(1...3) \(Set([4])) \(["a": 5].values) \(optional) \(["x", "y"])"
        #expect(sql.values == [1, 2, 3, 4, 5, 1, .null, "x", "y"])
    }

    @Test func anEnumerationBindsItsRawValue() {
        enum Role: String, ValueConvertible { case admin }
        enum Level: Int, ValueConvertible { case high = 3 }
        let sql: SQL = "\(Role.admin) \([Level.high])"
        #expect(sql.values == ["admin", 3])
    }

    @Test func otherValuesCanBeBoundInTheSamePlaces() throws {
        let sql: SQL = "a = \(1) AND b IN \([2, 3]) AND c = \(4) AND d IN \([Int]())"
        let bound = try #require(sql.binding(["x", "y", "z", .null]))
        #expect(bound.values == ["x", "y", "z", .null])
        #expect(bound.rendered(for: QuestionMarks()).text == sql.rendered(for: QuestionMarks()).text)
        #expect(sql.binding(["x"]) == nil)
        #expect(sql.binding(sql.values) == sql)
    }

    @Test func piecesArePutTogether() {
        let pieces: [SQL] = ["a = \(1)", "b = \(2)"]
        #expect(SQL.joined(pieces, separator: " OR ").rendered(for: NumberedDollars()).text == "a = $1 OR b = $2")
        #expect(SQL.joined([], separator: ", ").isEmpty)
        #expect(SQL.identifiers(["a", "b"]).rendered(for: QuestionMarks()).text == #""a", "b""#)
        var sum: SQL = "a" + " = \(1)"
        sum += " AND b = \(2)"
        #expect(sum.rendered(for: NumberedDollars()).text == "a = $1 AND b = $2")
    }

    @Test func emptinessIsAboutTextAndValues() {
        #expect(("" as SQL).isEmpty)
        #expect(!(" " as SQL).isEmpty)
        #expect(!("\(1)" as SQL).isEmpty)
        #expect(!("\([Int]())" as SQL).isEmpty)
        #expect(!("\(identifier: "a")" as SQL).isEmpty)
    }
}

extension RenderedSQL {
    fileprivate static func text(_ text: String, _ values: [Value]) -> RenderedSQL {
        var rendered = SQL(raw: text).rendered(for: QuestionMarks())
        rendered.values = values
        return rendered
    }
}
