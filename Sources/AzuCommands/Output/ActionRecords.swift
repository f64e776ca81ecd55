import DataMigrations
import Database

/// What a command did to a run, for a program.
struct ControlRecord: Encodable {
    var version: String
    var name: String
    /// What was asked for: `pause`, `resume`, `cancel`, `set`.
    var action: String
    /// Whether a process is there that does it; only where that was asked.
    var isHeld: Bool?
    /// What is set for the run now; only where that was asked.
    var settings: RunSettings?

    init(_ entry: MigrationPlan.Entry, _ action: String, isHeld: Bool? = nil, settings: RunSettings? = nil) {
        version = entry.version
        name = entry.name
        self.action = action
        self.isHeld = isHeld
        self.settings = settings
    }
}

/// Rows in quarantine that somebody left as they are, for a program.
struct AcceptRecord: Encodable {
    var version: String
    var name: String
    var accepted: Int
}

/// What was removed of the journal, for a program.
struct PruneRecord: Encodable {
    var entries: Int
    var bytes: Int
}

/// A database that was created or dropped, for a program.
struct DatabaseRecord: Encodable {
    /// The outcome, where the line is one of several events.
    var event: String?
    var database: String
    /// `created`, `exists`, `dropped` or `missing`, where the line is all there is.
    var outcome: String?
    /// The schema in it that the URL names.
    var schema: String?
    /// `created` or `exists`.
    var schemaOutcome: String?
}

extension CreatedDatabase {
    /// Tells what was made, and what was there.
    ///
    /// - Parameters:
    ///   - format: who is told.
    ///   - isEvent: whether other events follow.
    func tell(_ format: OutputFormat, isEvent: Bool = false) {
        let outcome = Self.outcome(isNew)
        switch format {
        case .text:
            Console.print(isNew ? "created \(name)" : "\(name) exists")
            guard let schema else { return }
            Console.print(isSchemaNew ? "created the schema \(schema)" : "the schema \(schema) exists")
        case .json:
            Console.json(
                DatabaseRecord(
                    event: isEvent ? outcome : nil,
                    database: name,
                    outcome: isEvent ? nil : outcome,
                    schema: schema,
                    schemaOutcome: schema.map { _ in Self.outcome(isSchemaNew) }
                )
            )
        }
    }

    private static func outcome(_ isNew: Bool) -> String { isNew ? "created" : "exists" }
}

/// A file that was written or left as it is, for a program.
struct FileRecord: Encodable {
    var path: String
    /// `create`, `exists`, `force` or `append`.
    var action: String
}

extension ProjectWriter.Outcome {
    /// Tells of the file.
    func tell(_ format: OutputFormat) {
        switch format {
        case .text: Console.print(description)
        case .json: Console.json(FileRecord(path: path, action: action.rawValue))
        }
    }
}
