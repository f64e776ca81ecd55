import Database
import Foundation

/// Reads what ``JournalWriter`` wrote.
struct JournalReader {
    private let bytes: [UInt8]
    private var position = 0
    private var last: Int64 = 0
    /// How many lists the value at hand lies in.
    private var depth = 0
    private static var depthLimit: Int { 16 }

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// Reads all changes.
    ///
    /// - Throws: ``MigrationError`` if the bytes are not what was written.
    mutating func changes() throws -> [JournalChange] {
        var changes: [JournalChange] = []
        while position < bytes.count { changes.append(try change()) }
        return changes
    }

    private mutating func change() throws -> JournalChange {
        guard let kind = JournalWriter.Kind(rawValue: try byte()) else { throw Self.damaged }
        let table = try text()
        switch kind {
        case .updated:
            let (keys, before, after) = (try values(), try values(), try values())
            guard before.count == keys.count, after.count == keys.count, before.columns == after.columns else {
                throw Self.damaged
            }
            return .updated(UpdatedRows(table: table, keys: keys, before: before, after: after))
        case .inserted:
            let keys = try values()
            let columns = try names()
            let hashes = try (0..<keys.count).map { _ in Int64(bitPattern: try word()) }
            return .inserted(InsertedRows(table: table, keys: keys, columns: columns, hashes: hashes))
        case .deleted:
            let (keyColumns, rows) = (try names(), try values())
            guard keyColumns.allSatisfy({ rows.columns.contains($0) }) else { throw Self.damaged }
            return .deleted(DeletedRows(table: table, keyColumns: keyColumns, rows: rows))
        }
    }

    private mutating func names() throws -> [String] {
        let count = try count()
        return try (0..<count).map { _ in try text() }
    }

    private mutating func values() throws -> ValueTable {
        let (width, rows) = (try count(), try count())
        var columns: [String] = []
        let (cells, overflow) = width.multipliedReportingOverflow(by: rows)
        // Each value takes a byte or more.
        guard !overflow, cells <= bytes.count - position else { throw Self.damaged }
        var values = [Value](repeating: .null, count: cells)
        for column in 0..<width {
            columns.append(try text())
            last = 0
            for row in 0..<rows { values[row * width + column] = try value() }
        }
        return ValueTable(columns, values)
    }

    // MARK: Values

    private mutating func value() throws -> Value {
        guard let tag = JournalWriter.Tag(rawValue: try byte()) else { throw Self.damaged }
        switch tag {
        case .null: return .null
        case .integer: return .integer(try integer())
        case .double: return .double(Double(bitPattern: try word()))
        case .bool: return .bool(try byte() != 0)
        case .text: return .text(try text())
        case .blob: return .blob(Array(try take(try count())))
        case .instant: return Value.instant(try integer())
        case .date: return .date(Date(timeIntervalSinceReferenceDate: Double(bitPattern: try word())))
        case .uuid:
            let raw = try take(16)
            return raw.withUnsafeBytes { .uuid(UUID(uuid: $0.loadUnaligned(as: uuid_t.self))) }
        case .json: return .json(try text())
        case .decimal:
            let digits = try text()
            return Decimal(string: digits).map(Value.decimal) ?? .text(digits)
        case .array:
            let count = try count()
            // Each value takes a byte or more; and no database nests lists that deep.
            guard count <= bytes.count - position, depth < Self.depthLimit else { throw Self.damaged }
            depth += 1
            defer { depth -= 1 }
            return .array(try (0..<count).map { _ in try value() })
        }
    }

    private mutating func integer() throws -> Int64 {
        let raw = try varint()
        last = last &+ (Int64(bitPattern: raw >> 1) ^ -Int64(bitPattern: raw & 1))
        return last
    }

    private mutating func text() throws -> String { String(decoding: try take(try count()), as: UTF8.self) }

    private mutating func count() throws -> Int {
        guard let count = Int(exactly: try varint()), count <= bytes.count else { throw Self.damaged }
        return count
    }

    private mutating func varint() throws -> UInt64 {
        var (result, shift): (UInt64, UInt64) = (0, 0)
        while shift < 64 {
            let next = try byte()
            result |= UInt64(next & 0x7f) << shift
            if next < 0x80 { return result }
            shift += 7
        }
        throw Self.damaged
    }

    private mutating func word() throws -> UInt64 {
        try take(8).withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) }
    }

    private mutating func byte() throws -> UInt8 {
        guard position < bytes.count else { throw Self.damaged }
        defer { position += 1 }
        return bytes[position]
    }

    private mutating func take(_ count: Int) throws -> ArraySlice<UInt8> {
        guard count <= bytes.count - position else { throw Self.damaged }
        defer { position += count }
        return bytes[position..<position + count]
    }

    static var damaged: MigrationError {
        MigrationError(.ledger, "an entry of data_migration_journal is damaged; restore the table from a backup")
    }
}
