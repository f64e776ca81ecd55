import Database
import Foundation
import Testing

@testable import DataMigrations

@Suite struct PlaceholderTests {
    @Test(
        arguments: [
            (
                "-- azu:param cutoff date\nSELECT {cutof}",
                "x.sql:2:8: there is no placeholder {cutof}; did you mean {cutoff}? there are {range} (the batch's rows; "
                    + "{range:u} where the table is called u), {now} (when the run began), {cutoff}"
            ),
            (
                "-- azu:table a\n-- azu:where b < {x}\nUPDATE a SET b = 1 WHERE {range}",
                "x.sql:2:18: there is no placeholder {x} in a condition; there are {row} (the table, as in {row}.id), {now} "
                    + "(when the run began)"
            ),
            (
                "-- azu:param most integer\n-- azu:verify SELECT 1 WHERE 2 > {mots}\nSELECT {most}",
                "x.sql:2:34: there is no placeholder {mots} in azu:verify; did you mean {most}? there are {now} (when the "
                    + "run began), {most}"
            ),
            ("-- azu:param a text\nSELECT {a:u}", "x.sql:2:8: there is no placeholder {a:u}; "),
            ("SELECT 1;\n-- azu:down\nSELECT {row}", "x.sql:3:8: there is no placeholder {row}; "),
        ]
    )
    func `an unknown one is told with those that there are`(text: String, expected: String) {
        let problem = problem(text)
        #expect(problem.hasPrefix(expected), "\(problem)")
        #expect(!problem.contains("\n"))
    }

    @Test(
        arguments: [
            "-- azu:table a\n-- azu:where b < {p}\n-- azu:param p integer\nUPDATE a SET b = 1 WHERE {range}",
            "-- azu:param p integer\n-- azu:verify SELECT 1 WHERE 2 > {p}\nSELECT 1",
            "-- azu:param p integer\nSELECT 1;\n-- azu:down\nSELECT {p}",
            "-- azu:param count integer\n-- azu:verify SELECT {count} WHERE 1 = 0\nSELECT 1",
        ]
    )
    func `one use is enough, wherever it is`(text: String) {
        #expect(problem(text) == "nothing")
    }

    @Test func `values are bound, cast to the type that the file declares, but for text`() throws {
        let parameters = [
            ParameterDescription(name: "day", type: .date), ParameterDescription(name: "most", type: .integer),
            ParameterDescription(name: "state", type: ParameterType(kind: .text, isOptional: true)),
        ]
        let values = [Value.date(Date(timeIntervalSince1970: 0)), .integer(5), .null]
        for (parameter, value) in zip(parameters, values) { #expect(parameter.bind(value)) }
        let text = "a < {day} AND ({state} is  not NULL OR s = {state}) AND {row}.b = '{day}' LIMIT{most}FOR"
        let template = SQLTemplate(text).binding(try FileValues(parameters, of: "x.sql", Typed()))
        #expect(template.places.map(\.name) == ["row"])
        #expect(template.valueCount == 4)
        let sql = template.sql { _, _ in "t" }.rendered(for: Typed())
        #expect(
            sql.text
                == "a < CAST($1 AS timestamptz) AND (CAST($2 AS text) is  not NULL OR s = $3) AND t.b = '{day}' LIMIT "
                + "CAST($4 AS integer) FOR"
        )
        #expect(sql.values == [values[0], .null, .null, .integer(5)])
    }

    @Test func `what has no run has no values`() throws {
        let migration = try SQLFileMigration("-- azu:param a text\nSELECT {a}", path: path)
        let error = #expect(throws: MigrationError.self) { try migration.file(for: Typed()) }
        #expect(error?.code == .arguments)
    }

    /// As PostgreSQL writes it, without a database.
    private struct Typed: Dialect {
        var name: String { "typed" }
        var generatedKeyDefinition: String { "" }
        var currentMilliseconds: String { "0" }
        var maximumBoundValues: Int { 100 }
        func placeholder(_ position: Int) -> String { "$\(position)" }
        func rowHash(_ columns: [SQL]) -> SQL { "0" }
        func stores(_ column: SQL, _ value: Value, type: String) -> SQL { "\(column) IS \(value)" }
        func explanation(of query: SQL) -> SQL { query }
        func planStep(_ line: String) -> PlanStep? { nil }
        func type(ofBound value: Value) -> String? {
            switch value {
            case .date: "timestamptz"
            case .integer: "integer"
            case .text: "text"
            default: nil
            }
        }
    }
}
