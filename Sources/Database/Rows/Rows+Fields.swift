/// One field, without a copy of its bytes.
package enum Field {
    case null
    case integer(Int64)
    case double(Double)
    /// UTF-8, valid while the rows are neither changed nor released.
    case text(UnsafeRawBufferPointer)
    /// Bytes, valid while the rows are neither changed nor released.
    case blob(UnsafeRawBufferPointer)
}

extension Rows {
    /// Whether a field is NULL.
    @inline(__always)
    package func isNull(row: Int, column: Int) -> Bool { cells[row * columns.count + column].kind == .null }

    /// Hands a field to `body`, without a copy of its bytes.
    @inline(__always)
    package func withField<T>(row: Int, column: Int, _ body: (Field) throws -> T) rethrows -> T {
        let cell = cells[row * columns.count + column]
        switch cell.kind {
        case .null: return try body(.null)
        case .integer: return try body(.integer(Int64(bitPattern: cell.payload)))
        case .double: return try body(.double(Double(bitPattern: cell.payload)))
        case .text: return try withBytes(of: cell) { try body(.text($0)) }
        case .blob: return try withBytes(of: cell) { try body(.blob($0)) }
        }
    }
}
