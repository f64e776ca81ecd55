import SQLFiles
import SchemaMigrations

/// Tells what becomes of the schema: a person, or a program.
struct SchemaOutput: Sendable {
    let format: OutputFormat
    /// Whether a person is told each statement of a file that is no transaction, and each beginning.
    var isVerbose = false

    func observe(_ event: SchemaEvent) {
        switch format {
        case .text: tell(event)
        case .json: Console.json(SchemaEventRecord(event))
        }
    }

    private func tell(_ event: SchemaEvent) {
        switch event {
        case .started(let version, let name, let direction):
            guard isVerbose else { return }
            Console.note("\(direction == .up ? "applying" : "rolling back") \(version) \(name)")
        case .waiting(let reason): Console.note("  waiting: \(reason)")
        case .retrying(let reason, let attempt, let delay):
            Console.note("  \(reason); trying again in \(Numbers.duration(delay)) (\(attempt))")
        case .statement(let number, let count, let position):
            // They may take hours, so it is good to know where it stands.
            if isVerbose || count > 1 { Console.note("  statement \(number) of \(count), line \(position.line)") }
        case .finished(let report): Console.print(Self.line(report))
        }
    }

    static func line(_ report: SchemaReport) -> String {
        let statements = report.statements == 1 ? "1 statement" : "\(report.statements) statements"
        let tested = report.isRollbackTested ? ", its way back leaves the schema as it was" : ""
        return "\(report.direction == .up ? "✓" : "↩") \(report.version) \(report.name): \(statements)\(tested) "
            + "(\(Numbers.duration(report.duration)))"
    }

    /// Tells how many rows the seeds wrote.
    func tellSeeds(_ path: String, _ rows: Int) {
        switch format {
        case .text: Console.print("✓ \(path): \(Numbers.rows(rows)) written")
        case .json: Console.json(SeedRecord(path: path, rows: rows))
        }
    }

    private struct SeedRecord: Encodable {
        var event = "seeded"
        var path: String
        var rows: Int
    }
}

/// What is told, for a program.
struct SchemaEventRecord: Encodable {
    var event: String
    var kind = "schema"
    var version: String?
    var name: String?
    var direction: String?
    var reason: String?
    var attempt: Int?
    var statement: Int?
    var statements: Int?
    var line: Int?
    var rollbackTested: Bool?
    var seconds: Double?

    init(_ event: SchemaEvent) {
        switch event {
        case .started(let version, let name, let direction):
            self.event = "started"
            (self.version, self.name, self.direction) = (version, name, direction.rawValue)
        case .waiting(let reason):
            self.event = "waiting"
            self.reason = reason
        case .retrying(let reason, let attempt, _):
            self.event = "retrying"
            (self.reason, self.attempt) = (reason, attempt)
        case .statement(let number, let count, let position):
            self.event = "statement"
            (statement, statements, line) = (number, count, position.line)
        case .finished(let report):
            self.event = "finished"
            (version, name, direction) = (report.version, report.name, report.direction.rawValue)
            statements = report.statements
            rollbackTested = report.isRollbackTested
            seconds = report.duration / .seconds(1)
        }
    }
}
