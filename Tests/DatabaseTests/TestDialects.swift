import Database

/// Placeholders as SQLite writes them.
struct QuestionMarks: Dialect {
    let name = "Questions"
    let generatedKeyDefinition = ""
    let currentMilliseconds = "0"
    let maximumBoundValues = 100

    func placeholder(_ position: Int) -> String { "?" }
    func rowHash(_ columns: [SQL]) -> SQL { "hash(\(SQL.joined(columns, separator: ", ")))" }
    func stores(_ column: SQL, _ value: Value, type: String) -> SQL { "\(column) IS \(value)" }
    func explanation(of query: SQL) -> SQL { "EXPLAIN \(query)" }
    func planStep(_ line: String) -> PlanStep? { nil }
}

/// Placeholders as PostgreSQL writes them, quotes as MySQL does.
struct NumberedDollars: Dialect {
    let name = "Dollars"
    let generatedKeyDefinition = ""
    let currentMilliseconds = "0"
    let maximumBoundValues = 100

    func placeholder(_ position: Int) -> String { "$\(position)" }
    func rowHash(_ columns: [SQL]) -> SQL { "hash(\(SQL.joined(columns, separator: ", ")))" }
    func stores(_ column: SQL, _ value: Value, type: String) -> SQL { "\(column) IS \(value)" }
    func explanation(of query: SQL) -> SQL { "EXPLAIN \(query)" }
    func planStep(_ line: String) -> PlanStep? { nil }
    func quoted(_ identifier: String) -> String { "`\(identifier.replacing("`", with: "``"))`" }
}
