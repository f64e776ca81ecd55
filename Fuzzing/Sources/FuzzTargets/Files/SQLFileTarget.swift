import Database
import Foundation

@testable import DataMigrations

/// A data migration in SQL: it is read, or refused in one line that tells a place in it; and what is read is what stands
/// there, as far as no placeholder does.
///
/// An input is the file.
enum SQLFileTarget {
    @Sendable static func check(_ bytes: UnsafeRawBufferPointer) {
        let text = String(decoding: bytes, as: UTF8.self)
        let file: SQLMigrationFile
        do {
            file = try SQLMigrationFile(text, name: "x.sql")
        } catch {
            return checkRefusal(String(describing: error), of: text)
        }
        for body in [file.up, file.down].compactMap({ $0 }) { check(body, of: text) }
        checkValues(of: file)
    }

    /// With values for its parameters, no placeholder is left but those of the rows at hand.
    private static func checkValues(of file: SQLMigrationFile) {
        var descriptions = file.parameters.map(\.description)
        if file.asksForNow { descriptions.append(ParameterDescription(name: KnownPlaceholders.now, type: .integer)) }
        for description in descriptions {
            let usual = description.defaultValue.map(description.bind) ?? true
            require(usual, "the default of \(description.name) is not of its type")
            let samples: [Value] = [
                .text("a"), .integer(1), .double(1), .bool(true), .date(Date(timeIntervalSince1970: 0)),
            ]
            require(samples.contains(where: description.bind), "\(description.name) takes no value at all")
        }
        guard let values = try? FileValues(descriptions, of: file.name, Words()) else {
            return require(false, "values are missing that every parameter has")
        }
        let bound = file.binding(values)
        let bodies = [bound.up, bound.down].compactMap { $0 }
        let inStatements = bodies.flatMap {
            $0.statements.flatMap { SQLTemplate($0.shape.body).binding(values).places }
        }
        let places =
            inStatements + bound.checks.flatMap { $0.template.places } + bodies.flatMap { $0.filter?.places ?? [] }
        for place in places {
            let isOwn = [SQLBody.range, SQLBody.row].contains(place.name)
            require(isOwn, "{\(place.name)} has no value though every parameter has one")
        }
    }

    private static func check(_ body: SQLBody, of text: String) {
        require(!body.statements.isEmpty, "a body without a statement is read")
        let ranges = body.statements.reduce(0) { $0 + $1.ranges.count }
        require((body.table != nil) == (ranges > 0), "\(ranges) ranges are read with the table \(body.table ?? "nil")")
        for statement in body.statements {
            require(text.utf8.count >= statement.text.utf8.count, "a statement is longer than its file")
            let shape = SQLShape(reading: statement.text)
            require(shape == statement.shape, "\(statement.text) is read in two ways")
            let parts = [shape.with, shape.table, shape.others ?? "", shape.condition ?? "", shape.body]
            for part in parts { check(part, in: statement.text) }
        }
        _ = body.needsNoLock
        _ = body.predicate(called: "x")
    }

    /// Parts are pieces of the statement, and templates hold each byte of them.
    private static func check(_ part: String, in statement: String) {
        let template = SQLTemplate(part)
        let filled = template.sql { name, qualifier in
            SQL(raw: "{" + name + (qualifier.map { ":" + $0 } ?? "") + "}")
        }
        let written = filled.rendered(for: Words()).text
        require(Array(written.utf8) == Array(part.utf8), "\(part) is written as \(written)")
    }

    private static func checkRefusal(_ problem: String, of text: String) {
        require(problem.hasPrefix("x.sql:"), problem)
        require(!problem.contains { $0.isNewline }, "a refusal of several lines: \(problem)")
        let place = problem.split(separator: ":", maxSplits: 3)
        let lines = text.split(omittingEmptySubsequences: false) { $0.isNewline }.count
        let line = place.count > 1 ? Int(place[1]) ?? 0 : 0
        require((1...max(1, lines)).contains(line), "a text of \(lines) lines is refused with: \(problem)")
    }

    /// Nothing is bound here.
    private struct Words: Dialect {
        var name: String { "words" }
        var generatedKeyDefinition: String { "" }
        var currentMilliseconds: String { "0" }
        var maximumBoundValues: Int { 100 }
        func placeholder(_ position: Int) -> String { "?" }
        func rowHash(_ columns: [SQL]) -> SQL { "0" }
        func stores(_ column: SQL, _ value: Value, type: String) -> SQL { "" }
        func explanation(of query: SQL) -> SQL { query }
        func planStep(_ line: String) -> PlanStep? { nil }
    }
}
