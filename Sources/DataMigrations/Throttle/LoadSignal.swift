public import Database

/// How much of something is used that others need too.
public struct Load: Sendable, Hashable {
    /// The share of the limit: at 1 the run waits; from 3/4 on, it slows down.
    public var utilisation: Double
    /// What a person reads: `a replica is 12 s behind, at most 10 s`.
    public var reason: String
    /// Whether batches that are shorter would help: others wait for rows that a batch has locked.
    public var wantsShorterBatches: Bool

    /// Makes a load.
    public init(utilisation: Double, reason: String, wantsShorterBatches: Bool = false) {
        self.utilisation = utilisation
        self.reason = reason
        self.wantsShorterBatches = wantsShorterBatches
    }
}

/// Tells how busy the database is, or whatever else must not suffer from a run.
///
/// It is asked about once a second, beside the batches.
public protocol LoadSignal: Sendable {
    /// What it is called on the command line and in messages: `lag`.
    var name: String { get }

    /// Measures.
    ///
    /// - Parameters:
    ///   - connection: a session of the database; nothing is written through it.
    ///   - table: the table that is walked, where one is.
    /// - Returns: `nil` where there is nothing to measure: no replica, another database.
    /// - Throws: what keeps it from being measured; the run slows down then.
    func read(_ connection: any DatabaseConnection, table: String?) async throws -> Load?
}
