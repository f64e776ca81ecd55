import DataMigrations
import Database
import Synchronization
import Testing

/// Workers come and go while a run goes on.
@Suite(.enabled(if: TestServer.isThere), .serialized)
struct WorkersSetTests {
    /// Sets how many workers there are, and looks who has parts, each time that it is asked.
    private final class Foreman: LoadSignal {
        private struct State {
            var wanted = 1
            /// How many had a part when it looked, and all of them.
            var counts: [Int] = []
            var owners: Set<String> = []
        }

        let name = "foreman"
        private let migration: MigrationPlan.Entry
        private let state = Mutex(State())

        init(_ migration: MigrationPlan.Entry) { self.migration = migration }

        var counts: [Int] { state.withLock { $0.counts } }
        var owners: Int { state.withLock { $0.owners.count } }

        func read(_ connection: any DatabaseConnection, table: String?) async throws -> Load? {
            let found = try await connection.texts(
                "SELECT DISTINCT owner FROM data_migration_slices WHERE kind = 'table' AND owner IS NOT NULL"
            ).compactMap { $0[0] }
            let next = state.withLock { state -> Int? in
                state.counts.append(found.count)
                state.owners.formUnion(found)
                let next = state.counts == [0] ? 3 : found.count == 3 ? 1 : state.wanted
                guard next != state.wanted else { return nil }
                state.wanted = next
                return next
            }
            if let next { try await Runner(connection).set(["workers=\(next)"], for: migration) }
            return nil
        }
    }

    @Test(.timeLimit(.minutes(10))) func aRunIsGivenMoreWorkersAndThenFewer() async throws {
        // A worker's session and the one that reads ahead, three times, and the foreman's.
        try await TestServer.withConnection { connection in
            let rows = 90_000
            try await makeUsers(rows, in: connection)
            let migration = entry(BackfillSlugs(batchSize: 500))
            let foreman = Foreman(migration)
            // Six seconds or more, in which the foreman looks once a second.
            let limits = RunLimits(signals: [foreman], rowsPerSecond: 15_000)
            let report = try await Runner(connection, limits: limits).migrate(migration)
            #expect(report?.status == .succeeded)
            #expect(foreman.counts.contains(3), "\(foreman.counts)")
            let later = foreman.counts.drop { $0 != 3 }
            #expect(later.contains(1), "\(foreman.counts)")
            #expect(foreman.owners >= 3)
            #expect(report?.counters.changed == rows)
            let wrong: SQL = "SELECT count(*) FROM users WHERE writes <> 1 OR slug IS DISTINCT FROM name || '-' || id"
            try await #expect(connection.number(wrong) == 0)
            let open: SQL = "SELECT count(*) FROM data_migration_slices WHERE status <> 'done' AND kind <> 'step'"
            try await #expect(connection.number(open) == 0)
        }
    }
}
