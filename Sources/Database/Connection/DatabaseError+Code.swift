extension DatabaseError {
    /// What went wrong, in terms that all databases share.
    ///
    /// A struct, so that a new code breaks nobody's `switch`.
    public struct Code: Sendable, Hashable, CustomStringConvertible {
        private enum Name: String {
            case uniqueViolation, foreignKeyViolation, notNullViolation, checkViolation, invalidData
            case busy, conflict, timedOut, overloaded, connectionLost, tableChanged
            case diskFull, readOnly, cannotOpen, missingTable, missingColumn, syntax, interrupted, corrupt
            case guardFailed, misuse, other
        }

        private let name: Name

        /// The code's name.
        public var description: String { name.rawValue }

        /// A unique constraint or a primary key is broken.
        public static let uniqueViolation = Code(name: .uniqueViolation)
        /// A foreign key is broken.
        public static let foreignKeyViolation = Code(name: .foreignKeyViolation)
        /// NULL in a column that takes none.
        public static let notNullViolation = Code(name: .notNullViolation)
        /// A CHECK constraint, or a trigger that raises.
        public static let checkViolation = Code(name: .checkViolation)
        /// A value of the wrong type, out of range, or too large.
        public static let invalidData = Code(name: .invalidData)
        /// Another session holds a lock for longer than the connection waits.
        public static let busy = Code(name: .busy)
        /// Two transactions were in each other's way, and this one was chosen to give in: a deadlock, a serialization
        /// failure.
        public static let conflict = Code(name: .conflict)
        /// The statement took longer than it may, or somebody had it cancelled.
        public static let timedOut = Code(name: .timedOut)
        /// The server takes no more sessions.
        public static let overloaded = Code(name: .overloaded)
        /// The session is gone.
        public static let connectionLost = Code(name: .connectionLost)
        /// A table was altered while the session knew it as it was before.
        public static let tableChanged = Code(name: .tableChanged)
        /// No space is left.
        public static let diskFull = Code(name: .diskFull)
        /// The database, or its file, can't be written.
        public static let readOnly = Code(name: .readOnly)
        /// The database can't be opened.
        public static let cannotOpen = Code(name: .cannotOpen)
        /// There is no such table.
        public static let missingTable = Code(name: .missingTable)
        /// There is no such column.
        public static let missingColumn = Code(name: .missingColumn)
        /// The SQL can't be understood.
        public static let syntax = Code(name: .syntax)
        /// The statement was interrupted.
        public static let interrupted = Code(name: .interrupted)
        /// The database file is damaged, or is no database.
        public static let corrupt = Code(name: .corrupt)
        /// A statement changed another number of rows than it had to.
        public static let guardFailed = Code(name: .guardFailed)
        /// The driver was used wrongly.
        public static let misuse = Code(name: .misuse)
        /// Anything else.
        public static let other = Code(name: .other)

        /// What is usually to be done about it.
        public var usualKind: Kind {
            switch name {
            case .uniqueViolation, .foreignKeyViolation, .notNullViolation, .checkViolation, .invalidData: .rowFault
            case .busy, .conflict, .timedOut, .overloaded, .connectionLost, .tableChanged: .retryable
            default: .fatal
            }
        }
    }
}
