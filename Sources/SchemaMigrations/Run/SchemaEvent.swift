public import SQLFiles

/// Which way a schema migration is run.
public enum SchemaDirection: String, Sendable, Hashable, Codable {
    /// It is applied.
    case up
    /// It is taken back.
    case down
}

/// What came of a schema migration.
public struct SchemaReport: Sendable, Hashable {
    /// Its version.
    public var version: String
    /// Its name.
    public var name: String
    /// Whether it was applied or taken back.
    public var direction: SchemaDirection
    /// How many statements it has.
    public var statements: Int
    /// How long it took, attempts that failed included.
    public var duration: Duration
    /// Whether its way back was tried, and left the schema as it was.
    public var isRollbackTested = false
}

/// What is told while the schema is migrated.
public enum SchemaEvent: Sendable {
    /// A migration begins.
    case started(version: String, name: String, direction: SchemaDirection)
    /// Another process migrates the schema; this one waits for it.
    case waiting(reason: String)
    /// Something failed for a reason that passes.
    case retrying(reason: String, attempt: Int, delay: Duration)
    /// A statement that is run by itself begins; `number` counts from 1.
    case statement(number: Int, count: Int, position: SQLPosition)
    /// A migration is through.
    case finished(SchemaReport)
}
