import Database

/// The records of a batch: those that are well-formed as rows, and of each the line.
struct CSVBlock: Sendable {
    /// A malformed record keeps so much of its text at most: a quote too many must not put megabytes in the quarantine.
    static let longestText = 1 << 16

    let layout: CSVLayout
    let quote: UInt8
    private(set) var rows: Rows
    /// The line that each record starts at.
    private(set) var lines: [Int] = []
    /// The record of each row.
    private(set) var records: [Int] = []
    private(set) var malformed: [(record: Int, text: String, problem: String)] = []
    /// For each row and each field that has a default, whether the field was NULL.
    private var filled: [Bool] = []
    private var malformedBytes = 0

    /// How much room a block takes.
    struct Room {
        var records = 0
        var bytes = 0
    }

    /// - Parameters:
    ///   - layout: where the fields belong.
    ///   - quote: what is doubled within quotes.
    ///   - room: what the block before this one took: growing bit by bit would touch twice the memory.
    init(_ layout: CSVLayout, quote: UInt8, room: Room = Room()) {
        self.layout = layout
        self.quote = quote
        rows = Rows(columns: layout.columns)
        rows.reserveCapacity(room.records)
        rows.reserveBytes(room.bytes)
        lines.reserveCapacity(room.records)
        records.reserveCapacity(room.records)
    }

    var room: Room { Room(records: count, bytes: rows.textByteCount + rows.textByteCount / 8) }

    var count: Int { lines.count }
    var byteCount: Int { rows.byteCount + malformedBytes }

    /// Takes a record that can't be a row.
    mutating func appendMalformed(_ text: UnsafeRawBufferPointer, line: Int, problem: String) {
        let shown = String(decoding: text.prefix(Self.longestText), as: UTF8.self)
        malformed.append((lines.count, text.count > Self.longestText ? shown + "…" : shown, problem))
        malformedBytes += shown.utf8.count
        lines.append(line)
    }

    /// Takes a record that has no more fields than the header.
    mutating func append(_ text: UnsafeRawBufferPointer, _ fields: [CSVField], line: Int) {
        records.append(lines.count)
        lines.append(line)
        // One copy for all fields, with the few bytes between them, costs less than one copy each.
        let offset = rows.appendBytes(text)
        for (index, field) in fields.enumerated() {
            if isNull(field, text) {
                appendDefault(index)
            } else if field.hasDoubledQuotes {
                appendSingleQuoted(field, text)
            } else {
                rows.appendText(at: offset + field.start, count: field.count)
            }
        }
        for index in fields.count..<layout.headers.count { appendDefault(index) }
        appendAddedColumns()
        for index in layout.defaultedFields { filled.append(index >= fields.count || isNull(fields[index], text)) }
    }

    /// Takes fields that were read already, `nil` for NULL.
    mutating func append(_ fields: [String?], line: Int) {
        records.append(lines.count)
        lines.append(line)
        for (index, field) in fields.enumerated() {
            if let field { rows.append(.text(field)) } else { appendDefault(index) }
        }
        appendAddedColumns()
        for index in layout.defaultedFields { filled.append(fields[index] == nil) }
    }

    /// The fields of a row as they were in the file, `nil` for NULL.
    func fields(row: Int) -> [String?] {
        var fields = layout.headers.indices.map { rows.value(row: row, column: $0).text }
        for (offset, index) in layout.defaultedFields.enumerated()
        where filled[row * layout.defaultedFields.count + offset] {
            fields[index] = nil
        }
        return fields
    }

    private mutating func appendAddedColumns() {
        for index in layout.headers.count..<layout.columns.count { appendDefault(index) }
    }

    private mutating func appendDefault(_ index: Int) {
        guard let text = layout.defaults[index] else { return rows.appendNull() }
        text.withUnsafeBytes { rows.appendText($0) }
    }

    /// Appends the text of a field with one quote for two.
    private mutating func appendSingleQuoted(_ field: CSVField, _ text: UnsafeRawBufferPointer) {
        let bytes = UnsafeRawBufferPointer(rebasing: text[field.start..<field.start + field.count])
        var single: [UInt8] = []
        single.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            single.append(bytes[index])
            // Within quotes, a quote only occurs in pairs.
            index += bytes[index] == quote ? 2 : 1
        }
        single.withUnsafeBytes { rows.appendText($0) }
    }

    @inline(__always)
    private func isNull(_ field: CSVField, _ text: UnsafeRawBufferPointer) -> Bool {
        guard !field.isQuoted, let nullText = layout.nullText, nullText.count == field.count else { return false }
        return nullText.isEmpty || text[field.start..<field.start + field.count].elementsEqual(nullText)
    }
}
