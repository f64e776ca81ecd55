import Database
import TestSupport

/// Instants to the microsecond, in all years, and those without an end.
struct TimestampKey: KeyKind {
    let type: String
    private let hasInfinities: Bool

    init(in store: Store, using random: inout SplitMix) {
        switch store {
        case .sqlite: type = random.pick(["TIMESTAMP", "DATETIME", "TEXT"])
        case .postgres: type = random.pick(["timestamp", "timestamptz"])
        }
        hasInfinities = store == .postgres
    }

    func value(using random: inout SplitMix) -> Value {
        if hasInfinities, random.chance(3) { return .text(random.pick(["infinity", "-infinity"])) }
        let day = CalendarText.day(using: &random)
        let time = random.pick(["00:00:00", "12:34:56", "23:59:59"])
        let fraction = random.pick(["", ".5", ".000001", ".000002", ".999999", "." + random.digits(6)])
        return .text("\(day) \(time)\(fraction)")
    }
}
