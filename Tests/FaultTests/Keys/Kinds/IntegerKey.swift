import Database
import TestSupport

/// Integers: close together, far apart, and at both ends of their range.
struct IntegerKey: KeyKind {
    let type: String
    private let bits: Int

    init(in store: Store, using random: inout SplitMix) {
        switch store {
        case .sqlite:
            type = random.pick(["INTEGER", "INTEGER", "BIGINT", "INT"])
            bits = 64
        case .postgres:
            let size = random.pick([64, 64, 32, 16])
            type = size == 64 ? "bigint" : size == 32 ? "integer" : "smallint"
            bits = size
        }
    }

    func value(using random: inout SplitMix) -> Value {
        let least = Int64.min >> (64 - bits)
        let most = Int64.max >> (64 - bits)
        let distance = Int64(random.below(4))
        switch random.below(8) {
        case 0: return .integer(least + distance)
        case 1: return .integer(most - distance)
        case 2, 3: return .integer(Int64(random.below(200) - 100))
        default:
            let shift = 64 - bits + random.below(bits)
            return .integer(Int64(bitPattern: random.next()) >> shift)
        }
    }
}
