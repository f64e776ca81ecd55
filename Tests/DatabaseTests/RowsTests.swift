import Database
import Foundation
import Testing

@Suite("Rows")
struct RowsTests {
    @Test func fieldsComeBackInTheFormInWhichADatabaseStoresThem() throws {
        let uuid = UUID()
        let values: [Value] = [
            .null, -1, 2.5, true, "ü", .text(""), .blob([0, 1]), .blob([]), .date(Date(timeIntervalSince1970: 0)),
            .uuid(uuid), .json("{}"), .decimal(Decimal(3)),
        ]
        var rows = Rows(columns: values.indices.map { "c\($0)" })
        for value in values { rows.append(value) }
        #expect(
            rows[0].values == [
                .null, -1, 2.5, 1, "ü", .text(""), .blob([0, 1]), .blob([]), "1970-01-01 00:00:00",
                .text(uuid.uuidString.lowercased()), "{}", "3",
            ]
        )
    }

    @Test func fieldsAreFoundByNameAndByPosition() {
        var rows = Rows(columns: ["a", "b", "a"])
        for value in [1, 2, 3] as [Value] { rows.append(value) }
        #expect(rows[0]["a"] == 1)
        #expect(rows[0]["b"] == 2)
        #expect(rows[0]["c"] == .null)
        #expect(rows[0][2] == 3)
        #expect(rows.index(of: "b") == 1)
        #expect(rows.index(of: "B") == nil)
    }

    @Test func rowsAreACollectionOfTheCompleteOnes() {
        var rows = Rows(columns: ["a", "b"])
        #expect(rows.isEmpty)
        for number in 1...3 { rows.append(Value.integer(Int64(number))) }
        #expect(rows.count == 1)
        #expect(rows.map(\.values) == [[1, 2]])
        rows.append(Value.integer(4))
        #expect(rows.map(\.values) == [[1, 2], [3, 4]])
    }

    @Test func aResultOfAHalfRowHasNone() {
        var rows = Rows(columns: ["a", "b"])
        rows.append(1 as Value)
        #expect(rows.count == 0)
        #expect(rows.isEmpty)
        #expect(rows.first == nil)
    }

    @Test func truncatingDropsWhatWasNotFinishedAndKeepsTheRest() {
        var rows = Rows(columns: ["a", "b"])
        for text in ["one", "two", "three"] { rows.append(Value.text(text)) }
        rows.truncate(to: 1)
        for text in ["four", "five"] { rows.append(Value.text(text)) }
        #expect(rows.map(\.values) == [["one", "two"], ["four", "five"]])
        rows.truncate(to: 5)
        #expect(rows.count == 2)
        rows.truncate(to: 0)
        #expect(rows.isEmpty)
    }

    @Test func removingAllMakesRoomForOthers() {
        var rows = Rows(columns: ["a"])
        rows.append("before" as Value)
        rows.removeAll()
        rows.append("after" as Value)
        #expect(rows.map(\.values) == [["after"]])
    }

    @Test func aCopyDoesNotSeeLaterRows() {
        var rows = Rows(columns: ["a"])
        rows.append("one" as Value)
        let copy = rows
        rows.append("two" as Value)
        #expect(copy.map(\.values) == [["one"]])
        #expect(rows.count == 2)
    }

    @Test func theSizeGrowsWithFieldsAndTheirText() {
        var rows = Rows(columns: ["a", "b"])
        rows.append("12345" as Value)
        rows.append(1 as Value)
        #expect(rows.byteCount == 2 * 16 + 5)
    }

    @Test func aResultWithoutColumnsHasNoRows() { #expect(Rows(columns: []).count == 0) }
}
