import Database
import TestSupport

/// UUIDs; where they are text, in small letters or in capitals.
struct UUIDKey: KeyKind {
    let type: String

    init(in store: Store, using random: inout SplitMix) {
        type = store == .sqlite ? "TEXT" : "uuid"
    }

    func value(using random: inout SplitMix) -> Value {
        var text = ""
        for place in 0..<32 {
            if [8, 12, 16, 20].contains(place) { text += "-" }
            text += String(random.below(16), radix: 16)
        }
        return .text(random.chance(30) ? text.uppercased() : text)
    }
}
