import Database
import Foundation

/// Writes changes as bytes, a column at a time: values of one column are alike, which zlib likes.
///
///     change   = kind, table, keys, …
///     column   = name, then for each row a tag and a value
///     integer  = the difference to the integer before in the column, zigzag, seven bits a byte (LEB128)
struct JournalWriter {
    private(set) var bytes: [UInt8] = []
    /// The integer before in the column.
    private var last: Int64 = 0

    /// What stands before a value.
    enum Tag: UInt8 {
        case null, integer, double, bool, text, blob, instant, date, uuid, json, decimal, array
    }

    /// What stands before a change.
    enum Kind: UInt8 {
        case updated = 1
        case inserted, deleted
    }

    mutating func append(_ change: JournalChange) {
        switch change {
        case .updated(let rows):
            bytes.append(Kind.updated.rawValue)
            append(rows.table)
            append(rows.keys)
            append(rows.before)
            append(rows.after)
        case .inserted(let rows):
            bytes.append(Kind.inserted.rawValue)
            append(rows.table)
            append(rows.keys)
            append(count: rows.columns.count)
            for column in rows.columns { append(column) }
            for hash in rows.hashes { append(word: UInt64(bitPattern: hash)) }
        case .deleted(let rows):
            bytes.append(Kind.deleted.rawValue)
            append(rows.table)
            append(count: rows.keyColumns.count)
            for column in rows.keyColumns { append(column) }
            append(rows.rows)
        }
    }

    private mutating func append(_ table: ValueTable) {
        append(count: table.columns.count)
        append(count: table.count)
        for (index, column) in table.columns.enumerated() {
            append(column)
            last = 0
            table.encode(index, to: &self)
        }
    }

    // MARK: Values

    mutating func append(_ value: Value) {
        switch value {
        case .null: mark(.null)
        case .integer(let integer): append(.integer, integer)
        case .double(let double):
            mark(.double)
            append(word: double.bitPattern)
        case .bool(let bool):
            mark(.bool)
            bytes.append(bool ? 1 : 0)
        case .text(let text): append(.text, text)
        case .blob(let blob): blob.withUnsafeBytes { append(.blob, $0) }
        case .date(let date):
            mark(.date)
            append(word: date.timeIntervalSinceReferenceDate.bitPattern)
        case .uuid(let uuid):
            mark(.uuid)
            withUnsafeBytes(of: uuid.uuid) { bytes.append(contentsOf: $0) }
        case .json(let json): append(.json, json)
        case .decimal(let decimal): append(.decimal, decimal.description)
        case .array(let values):
            mark(.array)
            append(count: values.count)
            for value in values { append(value) }
        }
    }

    /// A field as a database stores it.
    mutating func append(_ field: Field) {
        switch field {
        case .null: mark(.null)
        case .integer(let integer): append(.integer, integer)
        case .double(let double):
            mark(.double)
            append(word: double.bitPattern)
        case .instant(let microseconds): append(.instant, microseconds)
        case .text(let text): append(.text, text)
        case .blob(let blob): append(.blob, blob)
        }
    }

    private mutating func mark(_ tag: Tag) { bytes.append(tag.rawValue) }

    private mutating func append(_ tag: Tag, _ integer: Int64) {
        mark(tag)
        let difference = integer &- last
        last = integer
        append(varint: UInt64(bitPattern: (difference << 1) ^ (difference >> 63)))
    }

    private mutating func append(_ tag: Tag, _ data: UnsafeRawBufferPointer) {
        mark(tag)
        append(count: data.count)
        bytes.append(contentsOf: data)
    }

    private mutating func append(_ tag: Tag, _ text: String) {
        mark(tag)
        append(text)
    }

    private mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { utf8 in
            append(count: utf8.count)
            bytes.append(contentsOf: utf8)
        }
    }

    private mutating func append(count: Int) { append(varint: UInt64(count)) }

    private mutating func append(varint: UInt64) {
        var rest = varint
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    private mutating func append(word: UInt64) {
        withUnsafeBytes(of: word.littleEndian) { bytes.append(contentsOf: $0) }
    }
}
