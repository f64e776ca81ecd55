import DataMigrations
import Database
import TestSupport
import Testing

extension DatabaseConnection {
    /// Has writes of accounts noted from now on.
    func noteWrites(_ triggers: Triggers) async throws {
        if triggers == .none {
            try await Triggers.noting.make(on: "accounts", key: "id", text: "name", in: self)
        } else {
            try await execute("DELETE FROM \(raw: Triggers.log)")
        }
    }

    /// Expects that each of so many accounts was written once.
    func expectOneWriteEach(_ accounts: Int, _ comment: Comment) async throws {
        let log = Triggers.log
        let rows = try await number("SELECT count(*) FROM \(raw: log)")
        let different = try await number("SELECT count(DISTINCT row_key) FROM \(raw: log)")
        #expect(rows == accounts, comment)
        #expect(different == accounts, comment)
    }

    /// Expects that a migration is rolled back, and that the tables are what they were.
    func expectRolledBack(to before: Snapshot, _ comment: Comment = "") async throws {
        let difference = try await Snapshot(self).difference(from: before)
        #expect(difference == nil, comment)
        let runs = try await texts("SELECT status, direction FROM data_migration_runs ORDER BY id DESC LIMIT 1")
        #expect(runs == [["rolled_back", "down"]], comment)
        let executed = try await number("SELECT count(*) FROM data_migrations")
        #expect(executed == 0, comment)
        let owned = try await number("SELECT count(*) FROM data_migration_slices WHERE owner IS NOT NULL")
        #expect(owned == 0, comment)
    }
}
