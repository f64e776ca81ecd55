import DataMigrations
import Database
import TestSupport
import Testing

/// An application holds locks for longer than a statement of the run waits for them.
@Suite(.serialized) struct LockTests {
    @Test(.enabled(if: PostgresServer.isThere), .timeLimit(.minutes(10)))
    func aRunWaitsForRowsThatAnApplicationHasLocked() async throws {
        try await SharedTable.with { table, application in
            try await application.run([
                .begin, .query("SELECT id FROM users WHERE id BETWEEN 501 AND 510 FOR UPDATE"),
                .execute("UPDATE users SET touched = touched + 1 WHERE id BETWEEN 501 AND 505"),
            ])
            let watch = RunWatch(after: 0) {}
            let run = Task { try await table.migrate(watch) }
            try await wait(until: "the run has waited twice") { watch.retries >= 2 }
            try await application.run([.commit])
            let report = try await run.value
            #expect(report?.status == .succeeded)
            try await table.check(
                "row locks held by the application",
                touched: 5,
                repeated: watch.retries,
                application
            )
        }
    }

    @Test(.enabled(if: PostgresServer.isThere), .timeLimit(.minutes(10)))
    func aRunWaitsForATableThatAnApplicationHasLocked() async throws {
        try await SharedTable.with { table, application in
            let locker = try Application(table.server, schema: table.schema)
            // Five batches are committed.
            let watch = RunWatch(after: 5) {
                do {
                    try locker.run("BEGIN")
                    try locker.run("LOCK TABLE users IN ACCESS EXCLUSIVE MODE")
                    try locker.run("UPDATE users SET touched = touched + 1 WHERE id IN (1, 501, 2000)")
                } catch {
                    Issue.record(error)
                }
            }
            let run = Task { try await table.migrate(watch) }
            try await wait(until: "the run has waited twice") { watch.retries >= 2 }
            try locker.run("COMMIT")
            let report = try await run.value
            #expect(report?.status == .succeeded)
            try await table.check("table locked by the application", touched: 3, repeated: watch.retries, application)
        }
    }

    @Test(.timeLimit(.minutes(10))) func aRunWaitsForAFileThatAnApplicationHasLocked() async throws {
        let work = Work.update(RandomKills.size)
        let clean = try await work.prepared(on: .sqlite) { address, folder in
            let connection = try await Store.sqlite.open(address)
            try await work.act(connection, folder)
            let outcome = try await work.outcome(connection)
            await connection.close()
            return outcome
        }
        try await work.prepared(on: .sqlite) { address, folder in
            let application = try await Store.sqlite.open(address)
            try await application.execute("CREATE TABLE visits (number bigint NOT NULL)")
            let watch = RunWatch(after: 0) {}
            let holder = try await FileHolder(address, application)
            let run = Task { try await holder.act(work, folder, Pair(watch, holder)) }
            try await holder.waitUntilLocked()
            try await wait(until: "the run has waited twice") { watch.retries >= 2 }
            try await application.run([.execute("INSERT INTO visits VALUES (1)"), .commit])
            let report = try await run.value
            #expect(report?.status == .succeeded)
            let outcome = try await work.outcome(application)
            let lost = Work.Outcome.difference(clean.lines, outcome.lines)
            let doubled = Work.Outcome.difference(outcome.lines, clean.lines)
            #expect(lost.isEmpty && doubled.isEmpty)
            #expect(outcome.ledger == clean.ledger)
            #expect(try await application.number("SELECT count(*) FROM visits") == 1)
            FaultTally.shared.record(
                "table locked by the application",
                on: "SQLite",
                lost: lost.count,
                doubled: doubled.count,
                repeated: watch.retries
            )
            await application.close()
        }
    }
}
