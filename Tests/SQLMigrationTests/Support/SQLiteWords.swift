import Database

/// Writes SQL as SQLite does, for tests that look at its text.
func written(_ sql: SQL?) -> String? { sql?.rendered(for: Words()).text }

/// The words of SQLite, without a database.
private struct Words: Dialect {
    var name: String { "words" }
    var generatedKeyDefinition: String { "INTEGER PRIMARY KEY" }
    var currentMilliseconds: String { "0" }
    var maximumBoundValues: Int { 100 }
    func placeholder(_ position: Int) -> String { "?" }
    func rowHash(_ columns: [SQL]) -> SQL { "0" }
    func stores(_ column: SQL, _ value: Value, type: String) -> SQL { "\(column) IS \(value)" }
    func explanation(of query: SQL) -> SQL { query }
    func planStep(_ line: String) -> PlanStep? { nil }
}
