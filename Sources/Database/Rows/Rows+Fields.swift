/// One field, without a copy of its bytes.
@usableFromInline
package enum Field {
    case null
    case integer(Int64)
    case double(Double)
    /// Microseconds since 1970, in UTC.
    case instant(Int64)
    /// UTF-8, valid while the rows are neither changed nor released.
    case text(UnsafeRawBufferPointer)
    /// Bytes, valid while the rows are neither changed nor released.
    case blob(UnsafeRawBufferPointer)
}

extension Rows {
    /// Makes room for so many bytes of text.
    package mutating func reserveBytes(_ count: Int) { arena.reserveCapacity(count) }

    /// The bytes of text.
    package var textByteCount: Int { arena.count }

    /// Takes bytes that several fields lie in, and tells where they are.
    @inlinable
    package mutating func appendBytes(_ bytes: UnsafeRawBufferPointer) -> Int {
        arena.append(contentsOf: bytes)
        return arena.count - bytes.count
    }

    /// Appends a text field that lies in bytes which were taken before.
    @inlinable
    @inline(__always)
    package mutating func appendText(at offset: Int, count: Int) {
        cells.append(Cell(kind: .text, payload: UInt64(offset), length: UInt32(count)))
    }

    /// Whether a field is NULL.
    @inlinable
    @inline(__always)
    package func isNull(row: Int, column: Int) -> Bool { cells[row * columns.count + column].kind == .null }

    /// Hands a field to `body`, without a copy of its bytes.
    @inlinable
    @inline(__always)
    package func withField<T>(row: Int, column: Int, _ body: (Field) throws -> T) rethrows -> T {
        let cell = cells[row * columns.count + column]
        switch cell.kind {
        case .null: return try body(.null)
        case .integer: return try body(.integer(Int64(bitPattern: cell.payload)))
        case .double: return try body(.double(Double(bitPattern: cell.payload)))
        case .instant: return try body(.instant(Int64(bitPattern: cell.payload)))
        case .text: return try withBytes(of: cell) { try body(.text($0)) }
        case .blob: return try withBytes(of: cell) { try body(.blob($0)) }
        }
    }
}
