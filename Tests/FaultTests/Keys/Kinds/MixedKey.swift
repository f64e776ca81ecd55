import Database
import TestSupport

/// Values of all storage classes in one column, as SQLite takes them.
struct MixedKey: KeyKind {
    let type: String

    init(in store: Store, using random: inout SplitMix) {
        type = random.pick(["", "BLOB", "NUMERIC"])
    }

    func value(using random: inout SplitMix) -> Value {
        let number = random.below(400) - 200
        switch random.below(5) {
        case 0: return .integer(Int64(number))
        case 1: return .double(Double(number) / 8)
        case 2: return .text(String(number))
        case 3: return .text("text \(number)")
        default: return .blob(Array(String(number).utf8))
        }
    }
}
