/// What keeps a schema migration from being run.
///
/// ``description`` is one line: what, where, what to do.
public struct SchemaMigrationError: Error, Sendable, CustomStringConvertible {
    /// What went wrong.
    public struct Code: Sendable, Hashable {
        private enum Name {
            case file, duplicate, unknown, irreversible, held, leaseLost, table, rollbackDiffers, state, failed
        }
        private let name: Name

        /// A file can't be read, or its name can't be that of a migration.
        public static let file = Code(name: .file)
        /// Two files have the same version.
        public static let duplicate = Code(name: .duplicate)
        /// There is no such migration.
        public static let unknown = Code(name: .unknown)
        /// There is no way back.
        public static let irreversible = Code(name: .irreversible)
        /// Another process migrates the schema.
        public static let held = Code(name: .held)
        /// Another process took over.
        public static let leaseLost = Code(name: .leaseLost)
        /// The table in which migrations are recorded is another tool's, and can't be used.
        public static let table = Code(name: .table)
        /// The way back leaves the schema other than it was.
        public static let rollbackDiffers = Code(name: .rollbackDiffers)
        /// The migration is in a state in which this can't be done.
        public static let state = Code(name: .state)
        /// A statement failed.
        public static let failed = Code(name: .failed)
    }

    /// What went wrong.
    public let code: Code
    /// One line: what, where, what to do.
    public let description: String
    /// What belongs to it, a line each: how the schema differs.
    public let details: [String]

    init(_ code: Code, _ description: String, details: [String] = []) {
        self.code = code
        self.description = description.split(whereSeparator: \.isNewline).joined(separator: " ")
        self.details = details
    }
}
