import DataMigrations
import Database
import Foundation
import Testing

/// Rows that the migration's role may read, but not change.
@Suite(.enabled(if: TestServer.isThere), .serialized)
struct RowSecurityTests {
    /// Users 1 to 500, under a policy for those who change them; and a session of somebody whom it binds.
    private func withPolicy(
        _ policy: SQL,
        _ body: (_ connection: any DatabaseConnection) async throws -> Void
    ) async throws {
        try await TestServer.withConnection { connection in
            try await makeUsers(500, in: connection)
            let role = "azu_" + UUID().uuidString.lowercased().replacing("-", with: "_")
            let schema = try await connection.texts("SELECT current_schema()")[0][0] ?? ""
            let statements: [SQL] = [
                "CREATE ROLE \(raw: role)",
                "GRANT ALL ON SCHEMA \(raw: schema) TO \(raw: role)",
                "GRANT ALL ON users TO \(raw: role)",
                "ALTER TABLE users ENABLE ROW LEVEL SECURITY",
                "CREATE POLICY reads ON users FOR SELECT USING (true)",
                "CREATE POLICY writes ON users FOR UPDATE \(policy)",
                "SET ROLE \(raw: role)",
            ]
            for statement in statements { try await connection.execute(statement) }
            try await body(connection)
            try await connection.execute("RESET ROLE")
            #expect(try await connection.texts("SELECT id FROM users WHERE slug IS NULL") == [["3"]])
            #expect(try await connection.number("SELECT count(*) FROM data_migrations") == 0)
            try await connection.execute("DROP OWNED BY \(raw: role) CASCADE")
            try await connection.execute("DROP ROLE \(raw: role)")
        }
    }

    @Test func rowsThatCanNotBeLockedMakeTheRunFailAndTheOthersAreWritten() async throws {
        try await withPolicy("USING (id <> 3)") { connection in
            let error = await #expect(throws: MigrationError.self) {
                _ = try await Runner(connection).migrate(entry(BackfillSlugs()))
            }
            #expect(error?.code == .verification)
            #expect(error?.description.contains("row security") == true)
        }
    }

    @Test func rowsThatMayNotBeWrittenArePutAside() async throws {
        try await withPolicy("USING (true) WITH CHECK (id <> 3)") { connection in
            let report = try await Runner(connection).migrate(entry(BackfillSlugs()))
            #expect(report?.status == .quarantined)
            let aside = try await connection.texts("SELECT locator FROM data_migration_quarantine")
            #expect(aside == [["[3]"]])
        }
    }
}
