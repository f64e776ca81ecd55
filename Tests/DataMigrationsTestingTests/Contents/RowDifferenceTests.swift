import Database
import Testing

@testable import DataMigrationsTesting

/// How rows differ, and how that reads.
@Suite struct RowDifferenceTests {
    private func table(_ rows: [[Value]], key: [Int] = [0]) -> Contents {
        var found = Rows(columns: ["id", "name"])
        for row in rows { for value in row { found.append(value) } }
        let fields = (0..<found.count).map { row in
            (0..<2).map { StoredField(found, row: row, column: $0, isNumber: false) }
        }
        return Contents(tables: ["users": .init(columns: ["id", "name"], key: key, rows: fields)])
    }

    @Test func rowsAreComparedByTheirKey() {
        let left = table([[1, "a"], [2, "b"], [3, "c"]])
        let right = table([[3, "c"], [1, nil], [4, "d"]])
        #expect(
            left.differences(to: right).text("before", "after") == """
                  (before → after)
                  users id=1  name: 'a' → NULL
                  users id=2  only before: name='b'
                  users id=4  only after: name='d'
                """
        )
        #expect(left.differences(to: left).isEmpty)
    }

    @Test func withoutAKeyRowsAreCounted() {
        let left = table([[1, "a"], [1, "a"], [2, "b"]], key: [])
        let right = table([[2, "b"], [1, "a"]], key: [])
        #expect(
            left.differences(to: right).text("l", "r") == "  (l → r)\n  users  only l: id=1, name='a'"
        )
        #expect(left.differences(to: table([[2, "b"], [1, "a"], [1, "a"]], key: [])).isEmpty)
    }

    @Test(
        "what is stored otherwise is not the same, though it reads the same",
        arguments: [
            (Value.integer(1), Value.text("1"), "1 → '1'"),
            (.integer(1), .double(1), "1 → 1.0"),
            (.text("é"), .text("e\u{301}"), "'é' → 'e\u{301}'"),
            (.text(""), .null, "'' → NULL"),
            (.text("a"), .blob([0x61]), "'a' → x'61'"),
            (.double(0), .double(-0.0), "0.0 → -0.0"),
            (.text("a\nb"), .text("a b"), "'a\\nb' → 'a b'"),
        ]
    )
    func exactness(left: Value, right: Value, shown: String) {
        let lines = table([[1, left]]).differences(to: table([[1, right]])).map { $0.line("l", "r") }
        #expect(lines == ["users id=1  name: \(shown)"])
    }

    @Test func atMostTwentyRowsAreShown() {
        let many = table((1...45).map { [.integer($0), "x"] })
        let lines = table([]).differences(to: many).text("before", "after").split(separator: "\n")
        #expect(lines.count == 22)
        #expect(lines.last == "  … and 25 more")
    }

    @Test func aLongTextIsCutInItsMiddle() {
        let text = String(repeating: "a", count: 100) + "the end"
        let line = table([]).differences(to: table([[1, .text(text)]]))[0].line("l", "r")
        #expect(line == "users id=1  only r: name='\(String(repeating: "a", count: 40))…aaaaaaaathe end'")
    }

    @Test func aRowMustBeAsInOneOfTwoStates() {
        let (first, second) = (table([[1, "a"], [2, "b"]]), table([[1, "x"], [2, "b"]]))
        #expect(table([[1, "a"], [2, "b"]]).unlike(first, or: second).isEmpty)
        #expect(table([[1, "x"], [2, "b"]]).unlike(first, or: second).isEmpty)
        let odd = table([[1, "y"], [3, "c"]]).unlike(first, or: second).text("expected", "found")
        #expect(
            odd == """
                  (expected → found)
                  users id=1  name: 'x' → 'y'
                  users id=2  only expected: name='b'
                  users id=3  only found: name='c'
                """
        )
    }
}
