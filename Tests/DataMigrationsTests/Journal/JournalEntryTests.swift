import Foundation
import Testing

@testable import DataMigrations

@Suite struct JournalEntryTests {
    @Test(arguments: UInt64(1)...200) func whatIsPutDownIsReadAgain(seed: UInt64) throws {
        var source = RandomChanges(seed: seed)
        let changes = source.changes()
        let entry = JournalEntry(changes)
        #expect(entry.rows == changes.reduce(0) { $0 + $1.count })
        let read = try JournalEntry.changes(in: entry.bytes)
        #expect(difference(read, changes) == nil)
    }

    @Test(arguments: UInt64(1)...20) func entriesThatArePackedApartAreReadInTheirOrder(seed: UInt64) throws {
        var source = RandomChanges(seed: seed)
        let (first, second, third) = (source.changes(), source.changes(), source.changes())
        var entry = JournalEntry(first)
        entry.append(second)
        entry.append(JournalEntry(third))
        let read = try JournalEntry.changes(in: entry.bytes)
        #expect(difference(read, first + second + third) == nil)
        #expect(entry.inflated == [first, second, third].reduce(0) { $0 + JournalEntry($1).inflated })
    }

    @Test func nothingTakesNoBytes() throws {
        #expect(JournalEntry([]).bytes.isEmpty)
        #expect(JournalEntry([]).isEmpty)
        #expect(try JournalEntry.changes(in: []).isEmpty)
    }

    /// Ten thousand texts of random letters, before and after.
    private func changedTexts() -> (change: JournalChange, bytes: Int) {
        var random = SplitMix(state: 7)
        var bytes = 0
        func text() -> Value {
            var letters: [UInt8] = []
            for _ in 0..<Int.random(in: 5...40, using: &random) {
                letters.append(UInt8.random(in: 97...122, using: &random))
            }
            bytes += letters.count
            return .text(String(decoding: letters, as: UTF8.self))
        }
        let before = (0..<10_000).map { _ in text() }
        let after = (0..<10_000).map { _ in text() }
        let rows = UpdatedRows(
            table: "users",
            keys: ValueTable(["id"], (0..<10_000).map { .integer(Int64($0 * 3)) }),
            before: ValueTable(["name"], before),
            after: ValueTable(["name"], after)
        )
        return (.updated(rows), bytes)
    }

    @Test func anEntryIsNotMuchLargerThanTheValuesInIt() {
        let (change, bytes) = changedTexts()
        let entry = JournalEntry([change])
        #expect(entry.bytes.count * 2 <= bytes * 3)
        // Keys that rise by the same number cost next to nothing.
        #expect(entry.inflated < bytes + 10_000 * 6 + 100)
    }

    @Test func anInstantBeforeTheYear1IsWrittenAsPostgreSQLReadsIt() {
        #expect(Value.instant(-63_517_996_800_000_001) == .text("0044-03-12 23:59:59.999999+00 BC"))
    }

    @Test(arguments: ["1865-01-02 03:04:05.678901", "1700-03-01 00:00:00.000001", "9999-12-31 23:59:59.999999"])
    func anInstantKeepsItsMicroseconds(text: String) throws {
        let whole = try #require(Timestamp.parse(String(text.prefix(19))))
        let fraction = try #require(Int64(text.suffix(6)))
        let instant = try #require(Timestamp.microseconds(of: whole)) + fraction
        var rows = Rows(columns: ["id", "at"])
        rows.append(Int64(1))
        rows.append(microseconds: instant)
        let deleted = JournalChange.deleted(DeletedRows(table: "t", keyColumns: ["id"], rows: ValueTable(rows)))
        let read = try JournalEntry.changes(in: JournalEntry([deleted]).bytes)
        guard case .deleted(let back) = try #require(read.first) else { throw MigrationError(.failed, "another kind") }
        switch back.rows[0, 1] {
        case .date(let date): #expect(Timestamp.microseconds(of: date) == instant)
        case .text(let stored): #expect(stored == text + "+00")
        default: Issue.record("an instant is read as \(back.rows[0, 1])")
        }
    }
}
