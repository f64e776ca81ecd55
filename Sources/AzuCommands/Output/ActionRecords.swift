import DataMigrations

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
    var database: String
    /// `created`, `exists`, `dropped` or `missing`.
    var outcome: String
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
