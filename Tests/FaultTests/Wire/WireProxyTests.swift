import Database
import Testing

/// The proxy does to a connection what it is asked to, and nothing else.
@Suite(.enabled(if: PostgresServer.isThere), .serialized)
struct WireProxyTests {
    /// Works with a session through a proxy and one beside it, and with a table `items`.
    private func withSessions(
        _ body: (
            _ proxy: WireProxy, _ connection: any DatabaseConnection, _ direct: any DatabaseConnection
        ) async throws -> Void
    ) async throws {
        let server = try #require(PostgresServer.given)
        try await server.withSchema { schema in
            let proxy = try WireProxy(to: server)
            defer { proxy.stop() }
            let direct = try await server.connect(["schema=\(schema)"])
            try await direct.execute("CREATE TABLE items (id bigint PRIMARY KEY, name text)")
            let connection = try await server.connect(["schema=\(schema)"], port: proxy.port)
            try await body(proxy, connection, direct)
            await connection.close()
            await direct.close()
        }
    }

    /// So many that they go by COPY.
    private static let items = BulkInsert(
        into: "items",
        columns: ["id", "name"],
        values: (1...5_000).flatMap { [.integer(Int64($0)), .text("żółw \($0)")] as [Value] }
    )

    private func count(_ connection: any DatabaseConnection) async throws -> Int {
        Int(try await connection.query("SELECT count(*) FROM items")[0][0].integer ?? -1)
    }

    @Test func withoutAFaultAllBytesPass() async throws {
        try await withSessions { proxy, connection, direct in
            try await connection.run([.insert(Self.items)])
            let items: SQL = "SELECT id, name FROM items ORDER BY id"
            let (passed, sent) = (try await connection.query(items), try await direct.query(items))
            #expect(passed.map(\.values) == sent.map(\.values))
            #expect(passed.count == 5_000)
            #expect(proxy.strikes == 0)
        }
    }

    /// Reads and writes in one transaction, in all the ways there are.
    private func transact(_ connection: any DatabaseConnection) async throws {
        do {
            let items: SQL = "SELECT id, name FROM items WHERE id > \(0)"
            try await connection.run([.begin, .insert(Self.items), .query(items), .checkConstraints, .commit])
        } catch {
            _ = try? await connection.run([.rollback])
            throw error
        }
    }

    private static let places: [(WireFault.Place, Int)] = [
        (.parse, 2), (.bind, 3), (.execute, 2), (.copyData, 1), (.copyData, 2), (.dataRow, 1), (.dataRow, 2_500),
        (.commit, 1),
    ]

    static let faults: [WireFault] = places.flatMap { place, number in
        [WireFault.Action.cutBefore, .cutInside, .cutAfter].map { WireFault($0, at: place, number) }
    }

    @Test(arguments: faults) func aConnectionThatIsCutIsLost(_ fault: WireFault) async throws {
        try await withSessions { proxy, connection, direct in
            proxy.arm(fault)
            let error = await #expect(throws: DatabaseError.self) { try await transact(connection) }
            #expect(error?.code == .connectionLost)
            #expect(proxy.strikes == 1)
            // All or nothing; all only where COMMIT got through, which may have been sent before the result was read.
            let rows = try await count(direct)
            switch fault.place {
            case .commit: #expect(rows == (fault.name == "answer of COMMIT lost" ? 5_000 : 0))
            case .dataRow: #expect(rows == 0 || rows == 5_000)
            default: #expect(rows == 0)
            }
            // The next connection is a sound one.
            try await #expect(count(connection) == rows)
        }
    }

    @Test func aMessageThatIsHeldComesLater() async throws {
        try await withSessions { proxy, connection, _ in
            proxy.arm(WireFault(.stall(.milliseconds(300)), at: .execute))
            let start = ContinuousClock.now
            try await #expect(count(connection) == 0)
            #expect(start.duration(to: .now) >= .milliseconds(300))
            #expect(proxy.strikes == 1)
        }
    }

    @Test(.timeLimit(.minutes(10))) func inABlackHoleNothingComesUntilTheProxyEnds() async throws {
        try await withSessions { proxy, connection, direct in
            proxy.arm(WireFault(.blackhole, at: .execute))
            let query = Task { try await count(connection) }
            while proxy.strikes == 0 { try await Task.sleep(for: .milliseconds(2)) }
            // Other connections go on.
            let other = try await connection.another()
            let rows = try await other?.query("SELECT 1")
            #expect(rows?.count == 1)
            await other?.close()
            #expect(try await count(direct) == 0)
            proxy.stop()
            let error = await #expect(throws: DatabaseError.self) { try await query.value }
            #expect(error?.code == .connectionLost)
        }
    }
}
