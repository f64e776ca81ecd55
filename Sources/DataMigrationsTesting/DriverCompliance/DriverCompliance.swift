public import Database

/// What every driver must do, as checks that depend on no test framework.
///
/// With Swift Testing:
///
///     @Test(arguments: DriverCompliance.checks)
///     func theDriverKeepsTheContract(_ check: DriverCompliance.Check) async throws {
///         try await check.run(DriverCompliance { try await MyConnection(…) })
///     }
///
/// The checks make tables whose names start with `azu_compliance_`, drop them in the end, and use the same names: run
/// one at a time on a database.
public struct DriverCompliance: Sendable {
    let types: ComplianceTypes
    let isShared: Bool
    let connect: @Sendable () async throws -> any DatabaseConnection

    /// Makes a suite.
    ///
    /// - Parameters:
    ///   - types: how the database calls its types.
    ///   - isShared: whether `connect`, called twice, gives two sessions of the same database. Without that, checks
    ///     that need two sessions are left out.
    ///   - connect: opens a session. It should wait for locks for a fraction of a second only.
    public init(
        types: ComplianceTypes = .sqlite,
        isShared: Bool = true,
        connect: @escaping @Sendable () async throws -> any DatabaseConnection
    ) {
        self.types = types
        self.isShared = isShared
        self.connect = connect
    }

    /// All checks.
    public static let checks: [Check] = [
        values, storedValues, rowHashes, bindings, identifiers, lists, transactions, savepoints, guards, bulkInserts,
        conflicts, bulkUpdates, bulkDeletes, deletedRows, errors, foreignKeys, secrecy, schemas, sessions,
    ].flatMap { $0 }

    /// Runs all checks, one after another.
    ///
    /// - Throws: ``ComplianceFailure`` at the first point of the contract that the driver does not keep.
    public func run() async throws {
        for check in Self.checks where isShared || !check.needsSharedDatabase { try await check.run(self) }
    }
}
