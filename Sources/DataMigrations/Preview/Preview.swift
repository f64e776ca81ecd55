/// What a migration would do: its real code was run on some of its real rows, in transactions that were rolled back.
public struct Preview: Sendable {
    /// A field of a row that changes.
    public struct Field: Sendable, Hashable, Codable {
        /// The column.
        public var column: String
        /// What it holds now, as text; `nil` for NULL, or a row that is new.
        public var before: String?
        /// What it would hold; `nil` for NULL, or a row that goes.
        public var after: String?
    }

    /// A row that would be written.
    public struct Row: Sendable, Hashable, Codable {
        /// What would happen to it.
        public enum Kind: String, Sendable, Hashable, Codable {
            /// It gets other values.
            case changed
            /// It is new.
            case inserted
            /// It goes.
            case deleted
        }

        /// The table.
        public var table: String
        /// The row's key, as a JSON object.
        public var key: String
        /// What would happen to it.
        public var kind: Kind
        /// The fields that change; all of them for a row that is new, or goes.
        public var fields: [Field]
    }

    /// What is read: the rows of a table, or of a file.
    public struct Source: Sendable, Hashable, Codable {
        /// The table, or the path.
        public var label: String
        /// How many rows there are to visit; `nil` where that is not known.
        public var rows: Int?
        /// Whether ``rows`` was counted, rather than estimated.
        public var isExact = false
        /// How large a file is.
        public var bytes: Int?
        /// How the database would read a batch, line by line.
        public var plan: [String] = []
        /// The query that reads a batch.
        public var query: String?
        /// What is slow about that, and what would help.
        public var warnings: [String] = []
    }

    /// A statement that was run.
    public struct Statement: Sendable, Hashable, Codable {
        /// Its SQL, with placeholders for values.
        public var sql: String
        /// How often.
        public var count: Int
    }

    /// The migration's version.
    public internal(set) var version = ""
    /// The migration's name.
    public internal(set) var name = ""
    /// Whether there is anything to do: not if the migration is executed, or nothing meets its condition.
    public internal(set) var hasWork = false
    /// What stands in the way of running it; `nil` if nothing does.
    public internal(set) var failure: String?
    /// What is read.
    public internal(set) var sources: [Source] = []
    /// What the sampled batches came to, together.
    public internal(set) var counters = ChangeCounters()
    /// How many batches were tried.
    public internal(set) var batches = 0
    /// The first rows that would be written.
    public internal(set) var rows: [Row] = []
    /// The first rows that would be put aside.
    public internal(set) var quarantined: [QuarantinedRow] = []
    /// What was run.
    public internal(set) var statements: [Statement] = []
    /// Which tables are locked while a batch is written, and how.
    public internal(set) var locks: [String] = []
    /// The triggers that fire, by table.
    public internal(set) var triggers: [String] = []
    /// Bytes of the database's log for each row that is visited; `nil` where that is not known.
    public internal(set) var bytesPerRow: Int?
    /// How long all of it may take, in seconds, from the best case to the worst; `nil` where that is not known.
    public internal(set) var seconds: ClosedRange<Double>?
    /// What is to be known beside.
    public internal(set) var notes: [String] = []

    init() {}
}
