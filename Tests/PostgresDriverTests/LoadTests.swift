import DataMigrations
import Database
import Foundation
import Testing

/// What the server tells of its load.
@Suite(.enabled(if: TestServer.isThere), .serialized)
struct LoadTests {
    private func load(_ measure: LoadMeasure, of table: String?, _ connection: any DatabaseConnection) async throws
        -> Double?
    {
        guard let query = connection.dialect.load(measure, of: table) else { return nil }
        let rows = try await connection.query(query)
        guard rows.count > 0 else { return nil }
        guard case .double(let number) = rows[0][0] else { throw NoNumber() }
        return number
    }

    private struct NoNumber: Error {}

    @Test func eachMeasureIsANumberWhereThereIsSomethingToMeasure() async throws {
        try await TestServer.withTables(["CREATE TABLE items (id bigint PRIMARY KEY)"]) { connection in
            let lag = try await load(.replicationLag, of: nil, connection)
            #expect(lag.map { $0 >= 0 } ?? true)
            let share = try #require(try await load(.activeConnections, of: nil, connection))
            #expect(share > 0 && share <= 1)
            #expect(try await load(.deadRows, of: nil, connection) == nil)
            #expect(try await load(.deadRows, of: "nowhere", connection) == nil)
            let dead = try #require(try await load(.deadRows, of: "items", connection))
            #expect(dead >= 0 && dead < 1)
            #expect(try await load(.waitingLocks, of: nil, connection) != nil)
        }
    }

    @Test func theUsualSignalsCanBeRead() async throws {
        try await TestServer.withTables(["CREATE TABLE items (id bigint PRIMARY KEY)"]) { connection in
            for signal in MeasuredLoad.standard {
                let load = try await signal.read(connection, table: "items")
                #expect(load.map { $0.utilisation >= 0 && !$0.reason.isEmpty } ?? true, "\(signal.name)")
            }
            let log = WrittenLog(bytesPerSecond: 1e6)
            #expect(try await log.read(connection, table: nil) == nil, "there is nothing to compare with yet")
            try await connection.execute("INSERT INTO items SELECT generate_series(1, 1000)")
            let load = try #require(try await log.read(connection, table: nil))
            #expect(load.utilisation > 0)
        }
    }

    @Test(arguments: [("SELECT 0.5", 0.5), ("SELECT true", 1), ("SELECT false", 0), ("SELECT 3", 3)])
    func aQueryGivesANumberOrATruthValue(sql: String, number: Double) async throws {
        try await TestServer.withConnection { connection in
            try await #expect(LoadQuery(sql).read(connection, table: nil)?.utilisation == number)
        }
    }

    @Test(arguments: ["SELECT NULL::int", "SELECT 1 WHERE false", "SELECT 'NaN'::float8", "SELECT 'much'", "SELEC"])
    func aQueryThatGivesNoneCannotBeRead(_ sql: String) async throws {
        try await TestServer.withConnection { connection in
            _ = await #expect(throws: (any Error).self) { try await LoadQuery(sql).read(connection, table: nil) }
        }
    }

    @Test func aSessionThatWaitsForALockOfOursIsCounted() async throws {
        let name = "azu_" + UUID().uuidString.prefix(8).lowercased()
        try await TestServer.withSchema("lock_timeout=30s") { url in
            let holder = try await TestServer.connect(url + "&application_name=\(name)")
            let watcher = try await TestServer.connect(url + "&application_name=\(name)")
            let visitor = try await TestServer.connect(url + "&application_name=visitor")
            try await holder.execute("CREATE TABLE items (id bigint PRIMARY KEY, name text)")
            try await holder.execute("INSERT INTO items VALUES (1, 'a')")
            try await holder.run([.begin, .execute("UPDATE items SET name = 'b'")])
            #expect(try await load(.waitingLocks, of: nil, watcher) == 0)

            async let change = visitor.execute("UPDATE items SET name = 'c'")
            let backend = try await holder.backend()
            try await watcher.waitUntil(
                "EXISTS (SELECT 1 FROM pg_stat_activity WHERE \(backend) = ANY (pg_blocking_pids(pid)))"
            )
            #expect(try await load(.waitingLocks, of: nil, watcher) == 1)
            let told = try await MeasuredLoad(.waitingLocks, limit: 1).read(watcher, table: nil)
            #expect(told?.utilisation == 1)
            #expect(told?.wantsShorterBatches == true)
            try await holder.run([.rollback])
            let changed = try await change
            #expect(changed == 1)
            #expect(try await load(.waitingLocks, of: nil, watcher) == 0)
            for connection in [holder, watcher, visitor] { await connection.close() }
        }
    }
}
