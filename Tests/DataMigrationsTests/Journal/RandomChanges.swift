import Foundation

@testable import DataMigrations

/// Makes changes as batches make them, and some as they never do.
struct RandomChanges {
    var random: SplitMix

    init(seed: UInt64) { random = SplitMix(state: seed) }

    mutating func changes() -> [JournalChange] { (0..<below(5)).map { _ in change() } }

    private mutating func change() -> JournalChange {
        let table = text()
        let rows = below(30)
        switch below(3) {
        case 0:
            let columns = names(1 + below(4))
            return .updated(
                UpdatedRows(
                    table: table,
                    keys: values(names(1 + below(2)), rows),
                    before: values(columns, rows),
                    after: values(columns, rows)
                )
            )
        case 1:
            let hashes = (0..<rows).map { _ in Int64(bitPattern: random.next()) }
            let keys = values(names(1 + below(2)), rows)
            return .inserted(InsertedRows(table: table, keys: keys, columns: names(below(6)), hashes: hashes))
        default:
            let columns = names(1 + below(5))
            let keyColumns = Array(columns.prefix(below(3)))
            let stored = below(2) == 0 ? values(columns, rows) : ValueTable(fields(columns, rows))
            return .deleted(DeletedRows(table: table, keyColumns: keyColumns, rows: stored))
        }
    }

    /// Different names.
    private mutating func names(_ count: Int) -> [String] { (0..<count).map { "\($0)\(text())" } }

    private mutating func values(_ columns: [String], _ rows: Int) -> ValueTable {
        ValueTable(columns, (0..<rows * columns.count).map { _ in value(depth: 0) })
    }

    /// Rows as they come from a database.
    private mutating func fields(_ columns: [String], _ count: Int) -> Rows {
        var rows = Rows(columns: columns)
        for _ in 0..<count * columns.count {
            switch below(4) {
            // Far instants, too: no `Date` holds those to the microsecond.
            case 0: rows.append(microseconds: Int64(bitPattern: random.next()) / 10)
            case 1: rows.append(microseconds: Int64(below(1_700_000_000)) * 1_000_001)
            default: rows.append(plain())
            }
        }
        return rows
    }

    private mutating func plain() -> Value {
        switch below(5) {
        case 0: .null
        case 1: .integer(Int64(bitPattern: random.next()) >> Int64(below(64)))
        case 2: .double(Double(bitPattern: random.next()))
        case 3: .blob((0..<below(20)).map { _ in UInt8(below(256)) })
        default: .text(text())
        }
    }

    private mutating func value(depth: Int) -> Value {
        switch below(12) {
        case 0: .bool(below(2) == 0)
        case 1: .date(Date(timeIntervalSinceReferenceDate: Double(below(2_000_000_000)) / 7 - 100_000_000))
        case 2: .uuid(UUID())
        case 3: .json(#"{"text": "\#(text().count)"}"#)
        case 4: .decimal(Decimal(below(1_000_000)) / 1_000)
        case 5 where depth < 3: .array((0..<below(4)).map { _ in value(depth: depth + 1) })
        default: plain()
        }
    }

    private mutating func text() -> String {
        let pieces = ["", "a", "\u{e9}", "e\u{301}", "😀", "\0", "\"", "\n", "long enough to be packed", "日本"]
        return (0..<below(5)).map { _ in pieces[below(pieces.count)] }.joined()
    }

    private mutating func below(_ limit: Int) -> Int { Int(random.next() % UInt64(limit)) }
}

/// What differs between two lists of changes; `nil` if nothing does.
func difference(_ changes: [JournalChange], _ others: [JournalChange]) -> String? {
    guard changes.count == others.count else { return "\(changes.count) changes, and \(others.count)" }
    for (change, other) in zip(changes, others) {
        guard change.table.utf8.elementsEqual(other.table.utf8) else { return "the tables differ" }
        switch (change, other) {
        case (.updated(let mine), .updated(let theirs)):
            guard isSame(mine.keys, theirs.keys) else { return "the keys of an update differ" }
            guard isSame(mine.before, theirs.before) else { return "the old values differ" }
            guard isSame(mine.after, theirs.after) else { return "the new values differ" }
        case (.inserted(let mine), .inserted(let theirs)):
            guard isSame(mine.keys, theirs.keys) else { return "the keys of an insert differ" }
            guard mine.columns == theirs.columns, mine.hashes == theirs.hashes else { return "the hashes differ" }
        case (.deleted(let mine), .deleted(let theirs)):
            guard mine.keyColumns == theirs.keyColumns else { return "the key of a delete differs" }
            guard isSame(mine.rows, theirs.rows) else { return "the deleted rows differ" }
        default: return "one is of another kind"
        }
    }
    return nil
}

private func isSame(_ table: ValueTable, _ other: ValueTable) -> Bool {
    guard table.columns == other.columns, table.count == other.count else { return false }
    return (0..<table.count).allSatisfy { row in
        zip(table.row(row), other.row(row)).allSatisfy { isSame($0, $1) }
    }
}

private func isSame(_ value: Value, _ other: Value) -> Bool {
    guard case .array(let values) = value, case .array(let others) = other else { return value.isExactly(other) }
    return values.count == others.count && zip(values, others).allSatisfy { isSame($0, $1) }
}
