import MigrationNaming

/// What keeps a migration from being run.
///
/// ``description`` is one line: what, where, what to do.
public struct MigrationError: Error, Sendable, CustomStringConvertible {
    /// What went wrong.
    public struct Code: Sendable, Hashable {
        private enum Name {
            case duplicate, unknown, irreversible, held, leaseLost, tooManyFailures, sourceChanged, inputChanged
            case mismatch, verification, ledger, state, conflict, gate, failed, arguments, environment
        }
        private let name: Name

        /// A version or a name stands twice in the plan.
        public static let duplicate = Code(name: .duplicate)
        /// There is no such migration.
        public static let unknown = Code(name: .unknown)
        /// There is no way back.
        public static let irreversible = Code(name: .irreversible)
        /// Another process runs the migration.
        public static let held = Code(name: .held)
        /// Another process took the migration over.
        public static let leaseLost = Code(name: .leaseLost)
        /// More bad rows than the migration allows.
        public static let tooManyFailures = Code(name: .tooManyFailures)
        /// The migration's source changed since the run began.
        public static let sourceChanged = Code(name: .sourceChanged)
        /// The input file changed since the run began.
        public static let inputChanged = Code(name: .inputChanged)
        /// The migration does not fit the database.
        public static let mismatch = Code(name: .mismatch)
        /// The data is not as it should be after the migration.
        public static let verification = Code(name: .verification)
        /// The tables in which runs are recorded can't be used.
        public static let ledger = Code(name: .ledger)
        /// The run is in a state in which this can't be done.
        public static let state = Code(name: .state)
        /// Rows were changed since the migration wrote them.
        public static let conflict = Code(name: .conflict)
        /// A migration that must be executed and verified is not, see ``require(_:in:)-(String...,_)``.
        public static let gate = Code(name: .gate)
        /// A parameter lacks a value, or has one that will not do.
        public static let arguments = Code(name: .arguments)
        /// The migration is not meant for this environment.
        public static let environment = Code(name: .environment)
        /// The migration's own code, or the database, failed.
        public static let failed = Code(name: .failed)
    }

    /// What went wrong.
    public let code: Code
    /// One line: what, where, what to do.
    public let description: String
    /// The first rows that a verification found to be wrong, as JSON objects; at most 20.
    ///
    /// They hold what is in the database, which ``description`` does not.
    public let rows: [String]

    init(_ code: Code, _ description: String, rows: [String] = []) {
        self.code = code
        self.description = description
        self.rows = rows
    }
}

extension MigrationError {
    /// How many rows an error holds.
    static let mostRows = 20

    /// There is no way back, not even by the journal: for a `down` to throw.
    public static func irreversible(_ name: String) -> MigrationError {
        MigrationError(.irreversible, "\(name) can't be rolled back: its down(_:) says that there is no way back")
    }

    static func duplicate(_ what: String, _ value: String, _ first: String, _ second: String) -> MigrationError {
        MigrationError(.duplicate, "the \(what) \(value) stands twice: \(first) and \(second); rename one of them")
    }

    static func unknown(_ reference: String, similar: [String]) -> MigrationError {
        let hint =
            similar.isEmpty ? "azu db:data:status lists them" : "did you mean \(similar.either)?"
        return MigrationError(.unknown, "there is no data migration \(reference); \(hint)")
    }
}
