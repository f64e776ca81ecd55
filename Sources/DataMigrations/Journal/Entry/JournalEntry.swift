import CZlib
import Database

/// What one batch did, as it is stored: one compressed entry, not a row a row.
///
///     entry   = segment …
///     segment = length when inflated (4 bytes, little-endian), length (4 bytes), zlib stream
///
/// Several segments, because what is known before the batch's transaction begins is packed before it begins.
struct JournalEntry: Sendable {
    /// The segments.
    private(set) var bytes: [UInt8] = []
    /// How many rows were changed.
    private(set) var rows = 0
    /// How many bytes the segments take when they are inflated.
    private(set) var inflated = 0
    /// Statements of the author's own, which no journal can take back.
    var outside: [String] = []

    init() {}

    /// Packs changes.
    init(_ changes: [JournalChange]) { append(changes) }

    /// Whether nothing was done.
    var isEmpty: Bool { rows == 0 && outside.isEmpty }

    mutating func append(_ entry: JournalEntry) {
        bytes += entry.bytes
        rows += entry.rows
        inflated += entry.inflated
        outside += entry.outside
    }

    mutating func append(_ changes: [JournalChange]) {
        guard !changes.isEmpty else { return }
        var writer = JournalWriter()
        for change in changes {
            writer.append(change)
            rows += change.count
        }
        inflated += writer.bytes.count
        let packed = Self.deflate(writer.bytes)
        append(writer.bytes.count)
        append(packed.count)
        bytes += packed
    }

    private mutating func append(_ length: Int) {
        withUnsafeBytes(of: UInt32(length).littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// The changes of an entry, in the order in which they were made.
    ///
    /// - Throws: ``MigrationError`` if the bytes are not what was written.
    static func changes(in bytes: [UInt8]) throws -> [JournalChange] {
        var changes: [JournalChange] = []
        var position = 0
        while position < bytes.count {
            guard position + 8 <= bytes.count else { throw JournalReader.damaged }
            let (inflated, length) = bytes.withUnsafeBytes { raw in
                (
                    Int(UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: position, as: UInt32.self))),
                    Int(UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: position + 4, as: UInt32.self)))
                )
            }
            position += 8
            guard length <= bytes.count - position else { throw JournalReader.damaged }
            var reader = JournalReader(try inflate(bytes[position..<position + length], to: inflated))
            changes += try reader.changes()
            position += length
        }
        return changes
    }

    /// The fastest level: the next one costs twice the time for a tenth of the bytes.
    private static func deflate(_ bytes: [UInt8]) -> [UInt8] {
        let bound = compressBound(uLong(bytes.count))
        return [UInt8](unsafeUninitializedCapacity: Int(bound)) { buffer, count in
            var length = bound
            // With room enough, it can only fail for want of memory.
            let code = compress2(buffer.baseAddress, &length, bytes, uLong(bytes.count), 1)
            precondition(code == Z_OK, "zlib has no memory left")
            count = Int(length)
        }
    }

    private static func inflate(_ bytes: ArraySlice<UInt8>, to count: Int) throws -> [UInt8] {
        // What deflate can pack best is a thousandth.
        guard count <= bytes.count * 1_100 + 1_000 else { throw JournalReader.damaged }
        return try [UInt8](unsafeUninitializedCapacity: max(1, count)) { buffer, filled in
            var length = uLongf(count)
            let code = bytes.withUnsafeBufferPointer {
                uncompress(buffer.baseAddress, &length, $0.baseAddress, uLong($0.count))
            }
            guard code == Z_OK, Int(length) == count else { throw JournalReader.damaged }
            filled = count
        }
    }
}
