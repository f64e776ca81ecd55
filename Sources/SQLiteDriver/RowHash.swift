import GRDB

/// A 64-bit hash of some values, as a function of SQL.
///
/// FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv/) over the kind, the length and the bytes of each value, mixed by the
/// last steps of SplitMix64 (Steele, Lea, Flood: "Fast Splittable Pseudorandom Number Generators"), so that sums of hashes
/// tell as much as hashes.
enum RowHash {
    static let name = "azu_row_hash"

    static let function = DatabaseFunction(name, argumentCount: nil, pure: true) { values in
        var hash = Accumulator()
        for value in values { hash.add(value.storage) }
        return Int64(bitPattern: hash.value)
    }

    private struct Accumulator {
        private var state: UInt64 = 0xcbf2_9ce4_8422_2325

        mutating func add(_ value: DatabaseValue.Storage) {
            switch value {
            case .null: add(kind: 0, 0)
            case .int64(let integer): add(kind: 1, UInt64(bitPattern: integer))
            // 5 and 5.0 are equal to SQLite, which stores the one as the other where a column wants it.
            case .double(let double):
                if let integer = Int64(exactly: double) {
                    add(kind: 1, UInt64(bitPattern: integer))
                } else {
                    add(kind: 2, double.bitPattern)
                }
            case .string(let text): add(kind: 3, UInt64(text.utf8.count), text.utf8)
            case .blob(let data): add(kind: 4, UInt64(data.count), data)
            }
        }

        private mutating func add(kind: UInt8, _ word: UInt64) {
            add(kind)
            for shift in stride(from: UInt64(0), to: 64, by: 8) { add(UInt8(truncatingIfNeeded: word >> shift)) }
        }

        private mutating func add(kind: UInt8, _ length: UInt64, _ bytes: some Sequence<UInt8>) {
            add(kind: kind, length)
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
