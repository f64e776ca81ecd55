/// Statements that raise where they change another number of rows than they have to, so that a COMMIT that is sent along
/// with them does not happen.
///
///     WITH azu_guarded AS (UPDATE … RETURNING 1)
///     SELECT CASE WHEN count(*) = 5 THEN count(*) ELSE CAST('azu_guard:' || count(*) AS bigint) END FROM azu_guarded
enum GuardedSQL {
    /// A write without RETURNING; `nil` for anything else.
    static func wrap(_ sql: String, expecting count: Int) -> String? {
        let verb = sql.drop { $0.isWhitespace }.prefix { $0.isLetter }.uppercased()
        guard ["INSERT", "UPDATE", "DELETE"].contains(verb), !sql.uppercased().contains("RETURNING") else { return nil }
        return wrap(sql, count: "\(count)")
    }

    /// The same with the number as a parameter, for statements that are prepared once.
    static func wrap(_ sql: String, parameter: Int) -> String { wrap(sql, count: "$\(parameter)::bigint") }

    private static func wrap(_ sql: String, count: String) -> String {
        """
        WITH azu_guarded AS (\(sql) RETURNING 1) SELECT CASE WHEN count(*) = \(count) THEN count(*) \
        ELSE CAST('\(PostgresFailure.guardMark)' || count(*) AS bigint) END FROM azu_guarded
        """
    }
}
