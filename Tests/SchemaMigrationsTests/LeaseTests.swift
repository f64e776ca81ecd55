import Database
import TestSupport
import Testing

@testable import SchemaMigrations

@Suite("One process at a time") struct LeaseTests {
    private func file(_ number: Int) throws -> SchemaMigration {
        try SchemaMigration(
            number,
            "t\(number)",
            "CREATE TABLE t\(number) (a int); INSERT INTO counts VALUES (\(number));"
        )
    }

    @Test(arguments: Store.all)
    func `migrates, and the others wait and have nothing to do`(_ store: Store) async throws {
        try await store.withAddress { address in
            let first = try await store.open(address)
            try await first.execute("CREATE TABLE counts (n int)")
            let files = try (1...10).map(file)
            let applied = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 1...4 {
                    group.addTask {
                        let connection = try await store.open(address)
                        let migrator = SchemaMigrator(connection, patience: .seconds(120), attempts: 100)
                        let reports = try await migrator.migrate(files)
                        await connection.close()
                        return reports.count
                    }
                }
                return try await group.reduce(into: 0) { $0 += $1 }
            }
            #expect(applied == 10)
            let counts = try await first.texts("SELECT n FROM counts ORDER BY n")
            #expect(counts == (1...10).map { ["\($0)"] })
            let versions = try await first.versions()
            #expect(versions == Array(1...10))
            await first.close()
        }
    }

    @Test(arguments: Store.all)
    func `is told of where another one has to give up`(_ store: Store) async throws {
        try await store.withAddress { address in
            let connection = try await store.open(address)
            try await connection.execute("CREATE TABLE counts (n int)")
            let ledger = SchemaLedger(connection: connection)
            try await ledger.prepare()
            let holder = LeaseHolder.enter()
            defer { holder.leave() }
            let claimed = try await ledger.claim(holder)
            let lease = try #require(claimed)
            let other = try await store.open(address)
            let told = Told()
            let error = await #expect(throws: SchemaMigrationError.self) {
                try await SchemaMigrator(other, patience: .seconds(2), told: told).migrate([try file(1)])
            }
            #expect(error?.code == .held)
            #expect(error?.description.contains("is being migrated by process ") == true)
            #expect(told.waits.count == 1)

            try await connection.run([ledger.release(lease)])
            try await SchemaMigrator(other).migrate([try file(1)])
            let versions = try await connection.versions()
            #expect(versions == [1])
            await other.close()
            await connection.close()
        }
    }

    @Test(arguments: Store.all)
    func `that is gone, or silent for too long, keeps nobody out`(_ store: Store) async throws {
        try await store.with { connection in
            try await connection.execute("CREATE TABLE counts (n int)")
            let ledger = SchemaLedger(connection: connection, leaseTime: .seconds(3_600))
            try await ledger.prepare()
            let gone = LeaseHolder.enter()
            let first = try await ledger.claim(gone)
            #expect(first != nil)
            gone.leave()
            try await SchemaMigrator(connection).migrate([try file(1)])

            // Of another host, this one can't tell.
            try await connection.execute(
                "UPDATE schema_migration_lease SET owner = 'elsewhere/1/abc', lease_until = \(raw: connection.dialect.currentMilliseconds) + 3600000"
            )
            let error = await #expect(throws: SchemaMigrationError.self) {
                try await SchemaMigrator(connection).migrate([try file(2)])
            }
            #expect(error?.description.contains("process 1 on elsewhere") == true)
            try await connection.execute("UPDATE schema_migration_lease SET lease_until = 1")
            try await SchemaMigrator(connection).migrate([try file(2)])
            let versions = try await connection.versions()
            #expect(versions == [1, 2])
        }
    }

    @Test(arguments: Store.all)
    func `that lost the right to another one changes nothing any more`(_ store: Store) async throws {
        try await store.with { connection in
            try await connection.execute("CREATE TABLE counts (n int)")
            let ledger = SchemaLedger(connection: connection)
            try await ledger.prepare()
            let holder = LeaseHolder.enter()
            defer { holder.leave() }
            let claimed = try await ledger.claim(holder)
            let lease = try #require(claimed)
            try await connection.execute("UPDATE schema_migration_lease SET epoch = epoch + 1, owner = 'a/1/b'")
            let work = SchemaWork(
                connection: connection,
                ledger: ledger,
                lease: lease,
                column: .text,
                retry: SchemaRetry(attempts: 3, observer: { _ in }),
                observer: { _ in }
            )
            for text in ["", "-- azu:no-transaction\n"] {
                let change = try SchemaMigration(1, "t", text + "CREATE TABLE t (a int);")
                let error = await #expect(throws: SchemaMigrationError.self) { try await work.apply(change) }
                #expect(error?.code == .leaseLost)
            }
            let isThere = try await connection.has("t")
            #expect(!isThere)
        }
    }

    @Test(.timeLimit(.minutes(2)), arguments: Store.all)
    func `waits for locks of the application, a line each time`(_ store: Store) async throws {
        try await store.withAddress { address in
            let application = try await store.open(address)
            try await application.execute("CREATE TABLE counts (n int)")
            let connection = try await store.open(address)
            let told = Told()
            let migrator = SchemaMigrator(connection, told: told)
            try await migrator.migrate([try file(1)])
            try await application.run([.begin, .execute("INSERT INTO counts VALUES (0)")])
            let change = try SchemaMigration(2, "add", "ALTER TABLE counts ADD COLUMN m int")
            async let migrated = migrator.migrate([change])
            while told.retries.isEmpty { try await Task.sleep(for: .milliseconds(20)) }
            try await application.run([.commit])
            let reports = try await migrated
            #expect(reports.count == 1)
            let columns = try await application.schema(of: "counts")?.columns.count
            #expect(columns == 2)
            await connection.close()
            await application.close()
        }
    }
}
