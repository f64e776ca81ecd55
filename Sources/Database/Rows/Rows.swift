/// Rows as they came from a database or a file, in two flat buffers whatever their number.
///
/// A row costs 16 bytes a field, plus its text, and no allocation of its own: a batch of a thousand rows is two arrays.
/// That keeps memory flat and lets the engine compare what an author's code made of a row with what was there.
public struct Rows: Sendable {
    /// The names of the columns.
    public let columns: [String]
    @usableFromInline var cells: [Cell] = []
    @usableFromInline var arena: [UInt8] = []

    /// Makes an empty result.
    public init(columns: [String]) { self.columns = columns }

    /// The number of complete rows.
    public var count: Int { columns.isEmpty ? 0 : cells.count / columns.count }

    /// Whether there are no rows.
    public var isEmpty: Bool { count == 0 }

    /// The memory that the rows take, in bytes.
    public var byteCount: Int { cells.count * MemoryLayout<Cell>.stride + arena.count }

    /// Forgets the rows and keeps the memory.
    public mutating func removeAll() {
        cells.removeAll(keepingCapacity: true)
        arena.removeAll(keepingCapacity: true)
    }

    /// The value of a field as the database stores it: null, integer, double, text, blob, or a date where the database
    /// has a type for instants.
    public func value(row: Int, column: Int) -> Value {
        let cell = cells[row * columns.count + column]
        switch cell.kind {
        case .null: return .null
        case .integer: return .integer(Int64(bitPattern: cell.payload))
        case .double: return .double(Double(bitPattern: cell.payload))
        case .instant: return .date(Timestamp.date(microseconds: Int64(bitPattern: cell.payload)))
        case .text: return .text(withBytes(of: cell) { String(decoding: $0, as: UTF8.self) })
        case .blob: return .blob(withBytes(of: cell) { [UInt8]($0) })
        }
    }

    /// The values of one row.
    public func values(row: Int) -> [Value] { columns.indices.map { value(row: row, column: $0) } }

    /// The index of a column by its name.
    public func index(of column: String) -> Int? { columns.firstIndex(of: column) }

    @inlinable
    func withBytes<T>(of cell: Cell, _ body: (UnsafeRawBufferPointer) throws -> T) rethrows -> T {
        try arena.withUnsafeBytes { bytes in
            let start = Int(cell.payload)
            return try body(UnsafeRawBufferPointer(rebasing: bytes[start..<start + Int(cell.length)]))
        }
    }
}

// MARK: - Filling, field by field

extension Rows {
    /// Makes room for `rows` more rows.
    public mutating func reserveCapacity(_ rows: Int) { cells.reserveCapacity(cells.count + rows * columns.count) }

    /// Appends a NULL field.
    @inlinable
    public mutating func appendNull() { cells.append(Cell(kind: .null)) }

    /// Appends an integer field.
    @inlinable
    public mutating func append(_ integer: Int64) {
        cells.append(Cell(kind: .integer, payload: UInt64(bitPattern: integer)))
    }

    /// Appends a floating point field.
    @inlinable
    public mutating func append(_ double: Double) {
        cells.append(Cell(kind: .double, payload: double.bitPattern))
    }

    /// Appends an instant, in microseconds since 1970 in UTC.
    @inlinable
    public mutating func append(microseconds: Int64) {
        cells.append(Cell(kind: .instant, payload: UInt64(bitPattern: microseconds)))
    }

    /// Appends a text field of UTF-8 bytes.
    @inlinable
    public mutating func appendText(_ bytes: UnsafeRawBufferPointer) {
        cells.append(Cell(kind: .text, payload: UInt64(arena.count), length: UInt32(bytes.count)))
        arena.append(contentsOf: bytes)
    }

    /// Appends a blob field.
    @inlinable
    public mutating func appendBlob(_ bytes: UnsafeRawBufferPointer) {
        cells.append(Cell(kind: .blob, payload: UInt64(arena.count), length: UInt32(bytes.count)))
        arena.append(contentsOf: bytes)
    }

    /// Appends any value, in the form in which SQLite would store it.
    public mutating func append(_ value: Value) {
        switch value {
        case .null: appendNull()
        case .integer(let integer): append(integer)
        case .double(let double): append(double)
        case .bool(let bool): append(Int64(bool ? 1 : 0))
        case .text(var text), .json(var text): text.withUTF8 { appendText(UnsafeRawBufferPointer($0)) }
        case .blob(let bytes): bytes.withUnsafeBytes { appendBlob($0) }
        case .date, .uuid, .decimal, .array:
            var text = value.text ?? ""
            text.withUTF8 { appendText(UnsafeRawBufferPointer($0)) }
        }
    }

    /// Drops the fields of a row that was not finished, and rows from `count` on.
    public mutating func truncate(to count: Int) {
        cells.removeLast(cells.count - Swift.min(cells.count, count * columns.count))
    }
}

// MARK: - Rows as a collection

extension Rows: RandomAccessCollection {
    /// The index of the first row.
    public var startIndex: Int { 0 }
    /// The index behind the last row.
    public var endIndex: Int { count }
    /// A view of one row.
    public subscript(position: Int) -> Row { Row(rows: self, index: position) }
}
