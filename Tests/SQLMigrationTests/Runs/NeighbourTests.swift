import DataMigrations
import Database
import TestSupport
import Testing

/// An application that writes to the same rows all the while.
@Suite struct NeighbourTests {
    /// Adds 1000 to many rows, one after the other.
    ///
    /// - Returns: how many of them were there.
    private func write(_ connection: any DatabaseConnection) async throws -> Int {
        var found = 0
        for round in 0..<400 {
            found += try await connection.execute(
                "UPDATE items SET n = n + 1000 WHERE id = \((round * 37) % 1_500 + 1)"
            )
        }
        return found
    }

    @Test(
        arguments: Store.all.filter { $0 == .postgres },
        [
            "UPDATE items SET n = n + 1 WHERE {range}",
            "-- azu:journal off\nUPDATE items SET n = n + 1 WHERE {range}",
            """
            WITH old AS (SELECT id, n FROM items WHERE {range})
            UPDATE items SET n = old.n + 1 FROM old WHERE old.id = items.id
            """,
            "INSERT INTO copies SELECT id, n + 1 FROM items WHERE {range}; DELETE FROM items WHERE {range}",
        ]
    )
    func `no write of an application is lost`(store: Store, body: String) async throws {
        try await store.withAddress { address in
            let connection = try await store.open(address)
            let neighbour = try await store.open(address)
            try await connection.makeItems(1_500)
            try await connection.execute("CREATE TABLE copies (id bigint PRIMARY KEY, n bigint NOT NULL)")
            async let writes = write(neighbour)
            let report = try await connection.migrate("-- azu:table items\n-- azu:batch 20\n" + body)
            let found = try await writes
            #expect(report?.status == .succeeded)
            let sum = try await connection.number(
                "SELECT coalesce((SELECT sum(n) FROM items), 0) + coalesce((SELECT sum(n) FROM copies), 0)"
            )
            #expect(sum == 1_500 + 1_000 * found)
            await neighbour.close()
            await connection.close()
        }
    }
}
