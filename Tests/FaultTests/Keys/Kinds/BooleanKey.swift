import Database
import TestSupport

/// The two truth values, as a part of a key.
struct BooleanKey: KeyKind {
    let type = "BOOLEAN"

    init(in store: Store, using random: inout SplitMix) {}

    func value(using random: inout SplitMix) -> Value { .bool(random.chance(50)) }
}
