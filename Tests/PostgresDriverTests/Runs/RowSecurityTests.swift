import DataMigrations
import Database
import Foundation
import Testing

/// Rows that the migration's role may read, but not change.
@Suite(.enabled(if: TestServer.isThere), .serialized)
struct RowSecurityTests {
    @Test func rowsThatMayNotBeChangedMakeTheRunFailAndTheOthersAreWritten() async throws {
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
                "CREATE POLICY writes ON users FOR UPDATE USING (id <> 3)",
                "SET ROLE \(raw: role)",
            ]
            for statement in statements { try await connection.execute(statement) }
            let error = await #expect(throws: MigrationError.self) {
                _ = try await Runner(connection).migrate(entry(BackfillSlugs()))
            }
            #expect(error?.code == .verification)
            #expect(error?.description.contains("row security") == true)
            try await connection.execute("RESET ROLE")
            #expect(try await connection.texts("SELECT id FROM users WHERE slug IS NULL") == [["3"]])
            #expect(try await connection.number("SELECT count(*) FROM data_migrations") == 0)
            try await connection.execute("DROP OWNED BY \(raw: role) CASCADE")
            try await connection.execute("DROP ROLE \(raw: role)")
        }
    }
}
