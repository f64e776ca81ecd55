import GRDB
import GRDBSQLite

/// A 64-bit hash of some values, as a function of SQL.
///
/// FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv/) over the kind, the length and the bytes of each value, mixed by the
/// last steps of SplitMix64 (Steele, Lea, Flood: "Fast Splittable Pseudorandom Number Generators"), so that sums of hashes
/// tell as much as hashes.
enum RowHash {
    static let name = "azu_row_hash"

    /// Makes the function known to a connection.
    ///
    /// Through the C interface: GRDB hands a function its texts up to their first NUL only.
    static func add(to database: GRDB.Database) throws {
        let code = sqlite3_create_function_v2(
            database.sqliteConnection,
            name,
            -1,
            SQLITE_UTF8 | SQLITE_DETERMINISTIC,
            nil,
            { context, count, values in
                var hash = Accumulator()
                for index in 0..<Int(count) { hash.add(values?[index]) }
                sqlite3_result_int64(context, Int64(bitPattern: hash.value))
            },
            nil,
            nil,
            nil
        )
        guard code == SQLITE_OK else { throw GRDB.DatabaseError(resultCode: ResultCode(rawValue: code)) }
    }

    private struct Accumulator {
        private var state: UInt64 = 0xcbf2_9ce4_8422_2325

        /// Adds an argument of the function, a `sqlite3_value`.
        mutating func add(_ value: OpaquePointer?) {
            switch sqlite3_value_type(value) {
            case SQLITE_INTEGER: add(kind: 1, UInt64(bitPattern: sqlite3_value_int64(value)))
            case SQLITE_FLOAT:
                let double = sqlite3_value_double(value)
                // 5 and 5.0 are equal to SQLite, which stores the one as the other where a column wants it.
                if let integer = Int64(exactly: double) {
                    add(kind: 1, UInt64(bitPattern: integer))
                } else {
                    add(kind: 2, double.bitPattern)
                }
            case SQLITE_TEXT:
                let text = sqlite3_value_text(value)
                add(kind: 3, UnsafeRawBufferPointer(start: text, count: Int(sqlite3_value_bytes(value))))
            case SQLITE_BLOB:
                let blob = sqlite3_value_blob(value)
                add(kind: 4, UnsafeRawBufferPointer(start: blob, count: Int(sqlite3_value_bytes(value))))
            default: add(kind: 0, 0)
            }
        }

        private mutating func add(kind: UInt8, _ word: UInt64) {
            add(kind)
            for shift in stride(from: UInt64(0), to: 64, by: 8) { add(UInt8(truncatingIfNeeded: word >> shift)) }
        }

        private mutating func add(kind: UInt8, _ bytes: UnsafeRawBufferPointer) {
            add(kind: kind, UInt64(bytes.count))
            for byte in bytes { add(byte) }
        }

        private mutating func add(_ byte: UInt8) { state = (state ^ UInt64(byte)) &* 0x100_0000_01b3 }

        var value: UInt64 {
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
            return mixed ^ (mixed >> 31)
        }
    }
}
