import Database
import TestSupport

/// Decimal numbers: more digits than a floating point number has, and zeros behind the point.
struct DecimalKey: KeyKind {
    let type: String
    /// Whether it takes as many digits as there are.
    private let isUnlimited: Bool
    private let hasNaN: Bool

    init(in store: Store, using random: inout SplitMix) {
        let takesAll = random.chance(50)
        switch store {
        case .sqlite: type = takesAll ? random.pick(["NUMERIC", "TEXT"]) : "DECIMAL(20, 4)"
        case .postgres: type = takesAll ? "numeric" : "numeric(20, 4)"
        }
        isUnlimited = takesAll
        hasNaN = store == .postgres
    }

    func value(using random: inout SplitMix) -> Value {
        if hasNaN, random.chance(2) { return .text("NaN") }
        let isLong = isUnlimited && random.chance(30)
        let whole = random.digits(1 + random.below(isLong ? 40 : 15))
        let places = random.below(isLong ? 30 : 5)
        let sign = random.chance(40) ? "-" : ""
        return .text(sign + whole + (places > 0 ? "." + random.digits(places) : ""))
    }
}
