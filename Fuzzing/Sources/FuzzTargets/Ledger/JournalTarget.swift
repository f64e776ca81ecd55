import Database
import Foundation

@testable import DataMigrations

/// Entries of the journal: what is put down is read again, and damage is noticed or without effect.
///
/// An input is a digit for what is asked, and the bytes; or what changes are made of.
enum JournalTarget {
    @Sendable static func check(_ bytes: UnsafeRawBufferPointer) {
        var input = FuzzInput(bytes)
        switch input.choice(4) {
        case 0: checkBytes(input.rest)
        case 1: checkEntry(input.rest)
        case 2: checkChanges(&input)
        default: checkInstants(&input)
        }
    }

    /// What lies behind the checksum.
    private static func checkBytes(_ bytes: [UInt8]) {
        var reader = JournalReader(bytes)
        guard let changes = read({ try reader.changes() }) else { return }
        for change in changes { checkShape(change) }
        // Not `bytes`: a number may be written in more bytes than it needs.
        let written = write(changes)
        var second = JournalReader(written)
        require(read { try second.changes() }.map(write) == written, "what is read can't be written and read")
    }

    private static func checkEntry(_ bytes: [UInt8]) {
        guard let changes = read({ try JournalEntry.changes(in: bytes) }) else { return }
        for change in changes { checkShape(change) }
    }

    private static func checkChanges(_ input: inout FuzzInput) {
        var changes: [JournalChange] = []
        while !input.isEmpty { changes.append(change(&input)) }
        var entry = JournalEntry(Array(changes.prefix(1)))
        entry.append(Array(changes.dropFirst()))
        let again = read { try JournalEntry.changes(in: entry.bytes) }
        require(again.map(write) == write(changes), "what is put down is not what is read")
        require(entry.rows == changes.reduce(0) { $0 + $1.count }, "an entry has \(entry.rows) rows")
        // The first byte of each zlib stream, and the last ones of its checksum.
        var damaged = entry.bytes
        guard !damaged.isEmpty else { return }
        damaged[damaged.count - 1] ^= 1
        require(read { try JournalEntry.changes(in: damaged) } == nil, "a wrong checksum is not noticed")
    }

    /// Instants as a database stores them, to the microsecond.
    private static func checkInstants(_ input: inout FuzzInput) {
        var (rows, expected) = (Rows(columns: ["at"]), [Int64]())
        while !input.isEmpty { expected.append(input.integer()) }
        for instant in expected { rows.append(microseconds: instant) }
        let change = JournalChange.deleted(DeletedRows(table: "t", keyColumns: [], rows: ValueTable(rows)))
        guard case .deleted(let read)? = read({ try JournalEntry.changes(in: JournalEntry([change]).bytes) })?.first
        else { return require(false, "instants can't be read") }
        for (row, instant) in expected.enumerated() {
            guard case .date(let date) = read.rows[row, 0] else { continue }
            require(Timestamp.microseconds(of: date) == instant, "\(instant) is read as \(date)")
        }
    }

    /// What is read; `nil` if it is refused as damaged, which is the only way to refuse it.
    private static func read(_ body: () throws -> [JournalChange]) -> [JournalChange]? {
        do {
            return try body()
        } catch {
            require((error as? MigrationError)?.code == .ledger, "refused with \(error)")
            return nil
        }
    }

    private static func write(_ changes: [JournalChange]) -> [UInt8] {
        var writer = JournalWriter()
        for change in changes { writer.append(change) }
        return writer.bytes
    }

    private static func checkShape(_ change: JournalChange) {
        if case .updated(let rows) = change {
            require(rows.before.count == rows.keys.count && rows.after.count == rows.keys.count, "rows without keys")
        }
        for row in 0..<change.keys.count { require(change.keys.row(row).count == change.keys.columns.count, "a key") }
    }

    private static func change(_ input: inout FuzzInput) -> JournalChange {
        let (table, rows) = (input.text(8), input.choice(4))
        func values(_ columns: [String]) -> ValueTable {
            ValueTable(columns, (0..<rows * columns.count).map { _ in input.value() })
        }
        let columns = input.names(1 + input.choice(3))
        switch input.choice(3) {
        case 0:
            let keys = values(["id"])
            return .updated(UpdatedRows(table: table, keys: keys, before: values(columns), after: values(columns)))
        case 1:
            let keys = values(["id"])
            let hashes = (0..<rows).map { _ in input.integer() }
            return .inserted(InsertedRows(table: table, keys: keys, columns: columns, hashes: hashes))
        default: return .deleted(DeletedRows(table: table, keyColumns: [columns[0]], rows: values(columns)))
        }
    }
}
