import DataMigrations
import Database

/// Runs of a migration beside an application that writes.
struct ConcurrentUpdates: Sendable {
    let trials: Trials
    /// How many rows a batch takes.
    let size: Int
    /// The tables into which the migration inserts rows: which numbers these get says nothing.
    let numbered: Set<String>
    /// At so many moments at most.
    private static let mostMoments = 30

    /// Lets the application write at each moment of a run.
    ///
    /// - Returns: whether no update was lost; `nil` where the database, or the migration, takes none of the writes.
    /// - Throws: ``/Database/DatabaseError``, or ``/DataMigrations/MigrationError``.
    func check(_ all: [ApplicationWrite]) async throws -> Bool? {
        guard let (writes, found) = try await accepted(all),
            let before = try await serial(before: writes, behind: [])
        else { return nil }
        let moments = try await moments()
        var behind: [Set<ApplicationWrite>: Contents] = [:]
        var isTried = false
        let step = max(1, (moments + Self.mostMoments - 1) / Self.mostMoments)
        for moment in stride(from: 1, through: moments, by: step) {
            let outcome = try await trial(writes, at: moment)
            if case .failed(let error) = outcome {
                trials.record("\(trials.name) fails where an application writes \(names(writes)) meanwhile: \(error)")
                return false
            }
            guard case .left(let contents, let successful) = outcome else { continue }
            // Behind the migration, some would find no row; one that did has come before.
            let early = successful.subtracting(found)
            if behind[early] == nil {
                let (first, rest) = (writes.filter(early.contains), writes.filter { !early.contains($0) })
                behind[early] = try await serial(before: first, behind: rest)
            }
            guard let expected = behind[early] else { continue }
            isTried = true
            let lost = contents.unlike(before, or: expected)
            guard lost.isEmpty else {
                trials.record(
                    "\(trials.name) loses updates: an application wrote \(names(writes)) while it ran, and "
                        + "\(Trials.rows(lost.count)) hold neither what a write before the run leaves nor one behind it\n"
                        + lost.text("expected", "found")
                )
                return false
            }
        }
        return isTried ? true : nil
    }
}

extension ConcurrentUpdates {
    /// What came of a run beside the application.
    private enum Outcome {
        /// What is there, and which writes found their row.
        case left(Contents, successful: Set<ApplicationWrite>)
        /// A write was refused for what stood there in the midst of it: that says nothing.
        case refused
        /// The run failed.
        case failed(any Error)
    }

    /// The writes that the database takes before the run as well as behind it.
    ///
    /// - Returns: these, and those of them that find their row behind it; `nil` if there are none.
    private func accepted(
        _ all: [ApplicationWrite]
    ) async throws -> (writes: [ApplicationWrite], found: Set<ApplicationWrite>)? {
        try await trials.restart()
        let early = try await made(all).keys
        try await trials.restart()
        guard try await runs(on: trials.database.connection) == nil else { return nil }
        let late = try await made(all.filter(early.contains))
        let writes = all.filter { late[$0] != nil }
        return writes.isEmpty ? nil : (writes, Set(late.filter { $0.value > 0 }.keys))
    }

    /// Makes writes, each by itself.
    ///
    /// - Returns: how many rows each found; without those that the database refuses.
    private func made(_ writes: [ApplicationWrite]) async throws -> [ApplicationWrite: Int] {
        var found: [ApplicationWrite: Int] = [:]
        for write in writes {
            do {
                found[write] = try await trials.database.connection.execute(write.sql)
            } catch let error as DatabaseError where error.kind == .rowFault {
            }
        }
        return found
    }

    /// What is left where some writes come before the run, and others behind it; `nil` where it fails then.
    private func serial(before: [ApplicationWrite], behind: [ApplicationWrite]) async throws -> Contents? {
        try await trials.restart()
        _ = try await made(before)
        guard try await runs(on: trials.database.connection) == nil else { return nil }
        _ = try await made(behind)
        return try await contents()
    }

    /// How many moments a run has.
    private func moments() async throws -> Int {
        try await trials.restart()
        let session = try await TrialConnection(beside: trials.database.connection)
        let connection = WatchedConnection(session)
        let failure = await Result { try await runs(on: connection) }
        await session.end()
        if let failure = try failure.get() { throw failure }
        return connection.moments
    }

    /// Runs the migration while the application writes.
    private func trial(_ writes: [ApplicationWrite], at moment: Int) async throws -> Outcome {
        try await trials.restart()
        let application = try await Application(writes, beside: trials.database.connection)
        let session = try await TrialConnection(beside: trials.database.connection)
        let connection = WatchedConnection(session, application, at: moment)
        let run = await Result { try await runs(on: connection) }
        await session.end()
        await application.settle(isInside: false)
        await application.end()
        if let failure = try run.get() { return .failed(failure) }
        guard application.refusal == nil else { return .refused }
        return .left(try await contents(), successful: Set(application.successful))
    }

    /// Runs the migration.
    ///
    /// What it writes may not be as it should any more once the application has written, so a verification may fail.
    ///
    /// - Returns: what it failed for otherwise.
    private func runs(on connection: any DatabaseConnection) async throws -> (any Error)? {
        do {
            _ = try await trials.runner(on: connection, batches: size).migrate(trials.entry)
            return nil
        } catch let error as MigrationError {
            return error.code == .verification ? nil : error
        }
    }

    private func contents() async throws -> Contents { try await trials.contents().withoutNumbers(of: numbered) }

    /// `users.name`.
    private func names(_ writes: [ApplicationWrite]) -> String {
        Set(writes.map { "\($0.table).\($0.column)" }).sorted().joined(separator: ", ")
    }
}

extension Result where Failure == any Error {
    /// What an asynchronous function returns or throws.
    fileprivate init(_ body: () async throws -> Success) async {
        do { self = .success(try await body()) } catch { self = .failure(error) }
    }
}
