import Foundation
import Testing

@testable import DataMigrations

/// A damaged entry is refused; it is never half believed, and never makes the program crash.
@Suite struct DamagedEntryTests {
    /// An entry that is not empty, and what is in it.
    private static func entry(_ seed: UInt64) -> (bytes: [UInt8], changes: [JournalChange]) {
        var source = RandomChanges(seed: seed)
        var changes: [JournalChange] = []
        while changes.isEmpty { changes = source.changes() }
        return (JournalEntry(changes).bytes, changes)
    }

    /// Reads bytes that may be damaged.
    ///
    /// - Returns: what is read; `nil` if they are refused.
    private func read(_ bytes: [UInt8]) throws -> [JournalChange]? {
        do {
            return try JournalEntry.changes(in: bytes)
        } catch let error as MigrationError {
            #expect(error.code == .ledger)
            #expect(error.description.contains("data_migration_journal"))
            return nil
        }
    }

    @Test(arguments: UInt64(1)...10) func anEntryThatIsCutOffIsRefused(seed: UInt64) throws {
        let (bytes, _) = Self.entry(seed)
        let counts = Array(1..<min(bytes.count, 300)) + [bytes.count / 3, bytes.count / 2, bytes.count - 1]
        for count in counts where count > 0 {
            let isRefused = try read(Array(bytes.prefix(count))) == nil
            #expect(isRefused, "\(count) of \(bytes.count) bytes")
        }
    }

    @Test(arguments: UInt64(1)...10) func aFlippedBitIsNoticedOrWithoutEffect(seed: UInt64) throws {
        let (bytes, changes) = Self.entry(seed)
        for _ in 0..<400 {
            var damaged = bytes
            let bit = Int.random(in: 0..<bytes.count * 8)
            damaged[bit / 8] ^= 1 << UInt8(bit % 8)
            // What fills up the last byte of a compressed stream means nothing.
            guard let read = try read(damaged) else { continue }
            #expect(difference(read, changes) == nil, "bit \(bit)")
        }
    }

    @Test func randomBytesAreRefused() throws {
        for _ in 0..<2_000 {
            let bytes = (0..<Int.random(in: 1...200)).map { _ in UInt8.random(in: 0...255) }
            let isRefused = try read(bytes) == nil
            #expect(isRefused)
        }
    }

    @Test func aLengthThatNobodyCanHaveWrittenIsNotAllocated() throws {
        let (bytes, _) = Self.entry(3)
        var damaged = bytes
        for position in 0..<4 { damaged[position] = 0xff }
        let isRefused = try read(damaged) == nil
        #expect(isRefused)
    }

    // MARK: Behind the checksum

    @Test func randomBytesBehindTheChecksumDoNoHarm() {
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 1...120)).map { _ in
                // Small numbers are kinds, tags and counts.
                Bool.random() ? UInt8.random(in: 0...12) : UInt8.random(in: 0...255)
            }
            var reader = JournalReader(bytes)
            _ = try? reader.changes()
        }
    }

    @Test(arguments: UInt64(1)...20) func changedBytesBehindTheChecksumDoNoHarm(seed: UInt64) {
        var source = RandomChanges(seed: seed)
        for _ in 0..<50 {
            var writer = JournalWriter()
            for change in source.changes() { writer.append(change) }
            guard !writer.bytes.isEmpty else { continue }
            var damaged = writer.bytes
            for _ in 0..<Int.random(in: 1...3) {
                damaged[Int.random(in: damaged.indices)] = UInt8.random(in: 0...255)
            }
            var reader = JournalReader(damaged)
            guard let changes = try? reader.changes() else { continue }
            // What is read must hold together.
            for change in changes {
                if case .updated(let rows) = change { #expect(rows.before.count == rows.keys.count) }
                for row in 0..<change.keys.count { _ = change.keys.row(row) }
            }
        }
    }

    @Test func listsWithinListsEndSomewhere() {
        // An update of the table "t" with one key, whose first value is a list of one list of one list …
        let start: [UInt8] = [
            JournalWriter.Kind.updated.rawValue, 1, UInt8(ascii: "t"), 1, 1, 1, UInt8(ascii: "k"),
        ]
        let nested: [UInt8] = (0..<200_000).flatMap { _ -> [UInt8] in [JournalWriter.Tag.array.rawValue, 1] }
        #expect(throws: MigrationError.self) {
            var reader = JournalReader(start + nested)
            _ = try reader.changes()
        }
    }

    @Test func anInstantBeyondAllCalendarsDoesNoHarm() throws {
        for instant in [Int64.min, .min + 1, .max, 1 << 62, -(1 << 62)] {
            var rows = Rows(columns: ["at"])
            rows.append(microseconds: instant)
            let change = JournalChange.deleted(DeletedRows(table: "t", keyColumns: [], rows: ValueTable(rows)))
            _ = try JournalEntry.changes(in: JournalEntry([change]).bytes)
        }
    }
}
