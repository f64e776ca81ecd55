import DataMigrations
import Database
import TestSupport
import Testing

/// What an application wrote since a migration is found, left alone, or overwritten, as the person who rolls back wants
/// it.
@Suite(.serialized) struct ConflictTests {
    /// One random case.
    private struct Case: CustomStringConvertible {
        let seed: UInt64
        let store: Store
        let policy: ConflictPolicy
        var application = Application()

        var description: String { "seed \(seed) on \(store), \(policy): \(application.log.joined(separator: ", "))" }

        mutating func failure(in connection: any DatabaseConnection) async throws -> String? {
            var random = SplitMix(state: seed)
            let count = random.pick([0, 1, 12, 40, 90])
            try await Accounts.make(count, random.pick([.none, .noting]), in: connection)
            let migration = entry(Accounts.Mix(batchSize: random.pick([1, 4, 7, 100])))
            _ = try await connection.runner().migrate(migration)
            try await application.write(count, random.pick([0, 10, 60]), in: connection, using: &random)
            let before = try await Snapshot(connection, ledger: true)
            let plan = try await connection.runner().rollbackPlan(of: migration)
            if let difference = try await Snapshot(connection, ledger: true).difference(from: before) {
                return "the plan has written: \(difference)"
            }
            guard plan.conflictCount == application.conflicts(.skip) else {
                return "the plan foresees \(plan.conflictCount) conflicts, not \(application.conflicts(.skip))"
            }
            if let failure = wrong(plan, count) { return failure }
            let mine = try await Snapshot(connection)
            let report: RunReport
            do {
                report = try await connection.runner().rollback(migration, onConflict: policy)
            } catch let error as MigrationError where error.code == .conflict {
                guard policy == .stop, plan.conflictCount > 0 else { return "\(error)" }
                return try await refused(mine, connection)
            }
            guard policy != .stop || plan.conflictCount == 0 else { return "it did not stop" }
            return try await left(by: report, plan, count, connection)
        }

        /// A plan that does not count what the migration did.
        private func wrong(_ plan: RollbackPlan, _ count: Int) -> String? {
            let fates = (0..<count).map { Accounts.Fate(Int64($0 + 1)) }
            func number(_ fate: Accounts.Fate) -> Int { fates.count { $0 == fate } }
            let accounts = plan.tables.first { $0.name == "accounts" }
            let copies = plan.tables.first { $0.name == "copies" }
            let isRight =
                accounts?.restored ?? 0 == number(.marked) && accounts?.reinserted ?? 0 == number(.deleted)
                && copies?.removed ?? 0 == number(.copied)
            return isRight ? nil : "the plan counts \(plan.tables)"
        }

        private func refused(_ before: Snapshot, _ connection: any DatabaseConnection) async throws -> String? {
            let runs = try await connection.texts("SELECT status, direction FROM data_migration_runs")
            guard runs == [["succeeded", "up"]] else { return "the run is left as \(runs)" }
            guard try await connection.number("SELECT count(*) FROM data_migrations") == 1 else {
                return "the migration is not recorded as executed any more"
            }
            return try await Snapshot(connection).difference(from: before)
        }

        private func left(
            by report: RunReport,
            _ plan: RollbackPlan,
            _ count: Int,
            _ connection: any DatabaseConnection
        ) async throws -> String? {
            guard report.status == .rolledBack else { return "the rollback ends as \(report.status)" }
            let expected = application.conflicts(policy)
            guard report.conflicts == expected else { return "\(report.conflicts) conflicts, not \(expected)" }
            let counters = report.counters
            guard counters.written == plan.rows - expected - application.settled,
                counters.skipped == application.settled
            else { return "the plan counts \(plan.rows) rows, the rollback \(counters)" }
            let accounts = try await connection.texts("SELECT id, name, mark, extra FROM accounts ORDER BY id")
            let right = application.accounts(count, policy)
            guard accounts == right else {
                let wrong = accounts.filter { !right.contains($0) }
                return "\(accounts.count) accounts, not \(right.count); wrong are \(wrong.prefix(3))"
            }
            let copies = try await connection.texts("SELECT source FROM copies ORDER BY source").map { $0[0] ?? "" }
            guard copies == application.copies(policy) else { return "the copies of \(copies) are left" }
            return try await reported(connection)
        }

        /// What the quarantine says.
        private func reported(_ connection: any DatabaseConnection) async throws -> String? {
            let rows = try await connection.texts("SELECT locator, status FROM data_migration_quarantine")
            guard rows.allSatisfy({ $0[1] == "skipped" }), rows.count == application.conflicts(policy) else {
                return "the quarantine holds \(rows)"
            }
            let accounts = Set(rows.compactMap { $0[0] }.filter { $0.hasPrefix("accounts ") })
            let expected = Set(application.reportedAccounts(policy).map { #"accounts {"id":\#($0)}"# })
            return accounts == expected ? nil : "reported are \(accounts), not \(expected)"
        }
    }

    @Test(.timeLimit(.minutes(15)), arguments: Store.all, ConflictPolicy.allCases)
    func onlyRowsThatNobodyWroteSinceAreTakenBackUnlessForced(_ store: Store, _ policy: ConflictPolicy) async throws {
        let end = ContinuousClock.now.advanced(by: .seconds(Settings.seconds / 3))
        var seed = Settings.firstSeed
        repeat {
            do {
                let failure = try await store.with { connection -> String? in
                    var tested = Case(seed: seed, store: store, policy: policy)
                    guard let failure = try await tested.failure(in: connection) else { return nil }
                    return "\(tested): \(failure)"
                }
                if let failure {
                    Issue.record("\(failure)")
                    return
                }
            } catch {
                Issue.record("seed \(seed) on \(store), \(policy): \(String(reflecting: error))")
                return
            }
            seed += 1
        } while ContinuousClock.now < end
    }
}
