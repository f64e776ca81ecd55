import Database

/// The binary format of COPY: a signature, then for each row the number of fields, and each with its length.
struct CopyWriter {
    private var writer = ByteWriter()
    private let columns: Int16

    init(columns: Int) {
        self.columns = Int16(columns)
        writer.append("PGCOPY\n")
        writer.append(UInt8(0xFF))
        writer.append("\r\n")
        writer.append(UInt8(0))
        // No flags, no extension of the header.
        writer.append(Int32(0))
        writer.append(Int32(0))
    }

    mutating func startRow() { writer.append(columns) }

    /// Adds a field.
    ///
    /// - Returns: `false` if the value has no binary form as this type.
    @inline(__always)
    mutating func append(_ value: Value, as type: UInt32) -> Bool {
        if value.isNull {
            writer.append(Int32(-1))
            return true
        }
        return writer.withLength { ValueWriter.write(value, as: type, to: &$0) }
    }

    consuming func finish() -> [UInt8] {
        writer.append(Int16(-1))
        return writer.bytes
    }
}
