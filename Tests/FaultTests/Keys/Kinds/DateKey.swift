import Database
import TestSupport

/// Days, and those without an end.
struct DateKey: KeyKind {
    let type: String
    private let hasInfinities: Bool

    init(in store: Store, using random: inout SplitMix) {
        type = store == .sqlite ? random.pick(["DATE", "TEXT"]) : "date"
        hasInfinities = store == .postgres
    }

    func value(using random: inout SplitMix) -> Value {
        if hasInfinities, random.chance(3) { return .text(random.pick(["infinity", "-infinity"])) }
        return .text(CalendarText.day(using: &random))
    }
}
