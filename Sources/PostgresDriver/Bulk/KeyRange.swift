import Database

/// The range of the keys of a bulk statement.
///
/// With it, the planner walks the key's index; without, it takes an array for a table of unknown size and scans the
/// whole table for every batch.
///
///     AND t."id" BETWEEN $3 AND $4
///     AND t."name" = ANY (ARRAY(SELECT k FROM unnest($1::text[]) k))
struct KeyRange {
    let condition: String
    let parameters: [Value]

    /// - Parameters:
    ///   - bounds: the least and the greatest key, where they are known.
    ///   - column: the first of them, quoted.
    ///   - array: its values, the first parameter.
    ///   - next: the number of the next free parameter.
    init(_ bounds: (least: Int64, most: Int64)?, column: String, array: BulkColumn, next: Int) {
        if let (least, most) = bounds, array.isInteger {
            let type = array.arrayType.dropLast(2)
            condition = " AND t.\(column) BETWEEN $\(next)::\(type) AND $\(next + 1)::\(type)"
            parameters = [.integer(least), .integer(most)]
        } else if array.binaryType == TypeID.uuid {
            let keys = "SELECT k FROM unnest($1::uuid[]) k ORDER BY k"
            condition = " AND t.\(column) BETWEEN (\(keys) LIMIT 1) AND (\(keys) DESC LIMIT 1)"
            parameters = []
        } else {
            // Texts are sorted as their column says, and a list of them is not. The index is walked all the same.
            condition = " AND t.\(column) = ANY (ARRAY(SELECT k\(array.cast) FROM unnest($1::\(array.arrayType)) k))"
            parameters = []
        }
    }

    /// The least and the greatest of integer keys.
    static func integers(_ keys: [Value], width: Int) -> (least: Int64, most: Int64)? {
        var (least, most) = (Int64.max, Int64.min)
        for index in stride(from: 0, to: keys.count, by: width) {
            guard case .integer(let key) = keys[index] else { return nil }
            least = min(least, key)
            most = max(most, key)
        }
        return least <= most ? (least, most) : nil
    }
}
