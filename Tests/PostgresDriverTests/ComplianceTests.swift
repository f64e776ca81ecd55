import DataMigrationsTesting
import PostgresDriver
import Testing

@Suite("PostgreSQL keeps the contract of a driver", .enabled(if: TestServer.isThere), .serialized)
struct ComplianceTests {
    @Test("directly", arguments: DriverCompliance.checks)
    func direct(_ check: DriverCompliance.Check) async throws {
        try await TestServer.withSchema("lock_timeout=100ms") { url in
            try await check.run(DriverCompliance(types: .postgres) { try await PostgresConnection(url) })
        }
    }

    @Test(
        "behind a pooler that lends a session to one transaction at a time",
        .enabled(if: TestServer.pooledURL != nil),
        arguments: DriverCompliance.checks
    )
    func pooled(_ check: DriverCompliance.Check) async throws {
        try await TestServer.withSchema("lock_timeout=100ms", isPooled: true) { url in
            try await check.run(DriverCompliance(types: .postgres) { try await PostgresConnection(url) })
        }
    }
}
