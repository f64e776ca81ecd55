import Database
import TestSupport

/// An enumeration of PostgreSQL: it is sorted as it was declared, and has all columns of a result come as text.
struct EnumerationKey: KeyKind {
    let type = "shade"

    init(in store: Store, using random: inout SplitMix) {}

    func prepare(_ connection: any DatabaseConnection) async throws -> Bool {
        // Another column of the key may be of the same type.
        let isMissing = try await !connection.query("SELECT 1 WHERE to_regtype('shade') IS NULL").isEmpty
        if isMissing {
            try await connection.execute("CREATE TYPE shade AS ENUM ('red', 'Green', 'amber', 'it''s', 'a,b', 'weiß')")
        }
        return true
    }

    func value(using random: inout SplitMix) -> Value {
        .text(random.pick(["red", "Green", "amber", "it's", "a,b", "weiß"]))
    }
}
