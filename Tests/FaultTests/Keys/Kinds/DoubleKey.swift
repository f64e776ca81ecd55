import Database
import TestSupport

/// Floating point numbers: both zeros, the infinities, neighbors, and NaN where the database has it.
struct DoubleKey: KeyKind {
    let type: String
    private let hasNaN: Bool

    init(in store: Store, using random: inout SplitMix) {
        switch store {
        case .sqlite: type = random.pick(["REAL", "DOUBLE"])
        case .postgres: type = random.pick(["double precision", "double precision", "real"])
        }
        // SQLite takes NaN for NULL.
        hasNaN = store == .postgres
    }

    func value(using random: inout SplitMix) -> Value {
        let number = number(using: &random)
        if number.isNaN, !hasNaN { return .double(0.5) }
        // The driver sends a `real` what fits it.
        return .double(type == "real" ? Double(Float(number)) : number)
    }

    private func number(using random: inout SplitMix) -> Double {
        switch random.below(5) {
        case 0:
            return random.pick([
                0, -0.0, .infinity, -.infinity, .nan, .greatestFiniteMagnitude, .leastNonzeroMagnitude,
                .leastNormalMagnitude, 0.1, 0.1.nextUp, 1e15, 9_007_199_254_740_992, 1e300, -1e-300,
            ])
        case 1: return Double(random.below(200) - 100) / 7
        case 2: return Double(bitPattern: random.next())
        default: return Double(Int64(bitPattern: random.next()) >> 20) / 1_024
        }
    }
}
