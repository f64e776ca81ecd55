import Database
import TestSupport

/// What finds a row of `items`.
enum KeyKind: String, CaseIterable, Sendable {
    case integer, text, uuid, pair
    /// SQLite's own.
    case withoutRowid, nullable, keyless

    static func all(in store: Store) -> [KeyKind] {
        store == .sqlite ? allCases : [.integer, .text, .uuid, .pair]
    }

    var columns: [String] {
        switch self {
        case .keyless: []
        case .pair: ["region", "number"]
        default: ["id"]
        }
    }

    /// The columns of the key, as CREATE TABLE takes them.
    func definition(in store: Store, using random: inout SplitMix) -> String {
        let isOther = random.chance(50)
        switch (self, store) {
        case (.integer, .sqlite): return "id INTEGER PRIMARY KEY, "
        case (.integer, .postgres): return "id bigint PRIMARY KEY, "
        case (.text, .sqlite): return "id TEXT \(isOther ? "COLLATE NOCASE " : "")PRIMARY KEY NOT NULL, "
        case (.text, .postgres): return "id text \(isOther ? "COLLATE \"C\" " : "")PRIMARY KEY, "
        case (.uuid, .postgres): return "id uuid PRIMARY KEY, "
        case (.pair, _): return "region TEXT NOT NULL, number BIGINT NOT NULL, "
        case (.keyless, _): return ""
        case (.nullable, _): return "id TEXT PRIMARY KEY, "
        case (.uuid, _), (.withoutRowid, _): return "id TEXT PRIMARY KEY NOT NULL, "
        }
    }

    /// What stands behind the columns, and behind the parenthesis.
    var end: String {
        switch self {
        case .pair: ", PRIMARY KEY (region, number))"
        case .withoutRowid: ") WITHOUT ROWID"
        default: ")"
        }
    }

    /// The keys of so many rows, one after another: numbers in their order.
    func values(_ count: Int, using random: inout SplitMix) -> [[Value]] {
        var number = Int64(-random.below(1_000))
        return (0..<count).map { row -> [Value] in
            number += Int64(1 + random.below(5))
            switch self {
            case .integer: return [.integer(number)]
            case .keyless: return []
            case .uuid: return [.text(random.uuid())]
            case .pair: return [.text(random.pick(["north", "süd", "su\u{308}d", ""])), .integer(number)]
            case .nullable where row % 7 == 3: return [.null]
            case .text, .withoutRowid, .nullable:
                // Each second one is the one before in another spelling: for a database, two keys.
                let letter = row % 2 == 0 ? "\u{e9}" : "e\u{301}"
                return [.text("\(letter)\(row / 2)")]
            }
        }
    }
}
