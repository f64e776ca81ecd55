import Database
import Synchronization

/// What `verify` is given in a run: the database, and a place where its comparisons save how far they came.
final class Verification: DatabaseAccess {
    let connection: any DatabaseConnection
    /// How many rows are hashed by one statement.
    let sliceRows: Int
    private let context: RunContext
    private let comparisons = Mutex(0)

    init(_ context: RunContext, sliceRows: Int = Comparison.sliceRows) {
        connection = context.connection
        self.sliceRows = sliceRows
        self.context = context
    }

    /// Where the next comparison is logged: by its number, which is the same each time that `verify` runs.
    func nextComparison() -> ComparisonLog {
        let number = comparisons.withLock { count in
            count += 1
            return count
        }
        return ComparisonLog(context: context, step: "verify/\(number)")
    }
}

extension RunContext {
    /// Asks the migration's own `verify`.
    ///
    /// - Parameters:
    ///   - migration: the migration.
    ///   - advice: what a person does about a failure.
    /// - Throws: ``MigrationError`` with the code `verification` if the data is not as it should be; anything else if that
    ///   could not be found out.
    func verify(_ migration: any DataMigration, advice: String) async throws {
        do {
            try await migration.verify(Verification(self))
        } catch {
            guard Self.isVerdict(error) else { throw error }
            throw MigrationError(
                .verification,
                "the verification of \(run.name) failed: \(Fault.text(of: error)); \(advice)",
                rows: (error as? MigrationError)?.rows ?? []
            )
        }
    }

    /// Whether an error says something of the data, rather than of the database or the model.
    private static func isVerdict(_ error: any Error) -> Bool {
        switch error {
        case let error as MigrationError: error.code == .verification
        case is DatabaseError, is ModelError, is RunStopped, is CancellationError: false
        default: true
        }
    }
}
