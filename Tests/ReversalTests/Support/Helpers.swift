import DataMigrations
import Database

extension DatabaseAccess {
    /// The number that a query counts.
    func number(_ sql: SQL) async throws -> Int { Int(try await query(sql).first?[0].integer ?? -1) }

    /// The rows of a query, as text.
    func texts(_ sql: SQL) async throws -> [[String?]] { try await query(sql).map { $0.values.map(\.text) } }
}

extension DatabaseConnection {
    /// A runner that nothing stops, or one that is stopped after some batches.
    func runner(stoppingAfter batches: Int? = nil) -> Runner {
        guard let batches else { return Runner(self) }
        let stop = StopSignal()
        return Runner(self, observer: Recorder(stop: stop, after: batches), stop: stop)
    }
}

/// An entry of a plan for a migration that has state of its own.
func entry(_ migration: any DataMigration, version: String = "20240101120000") -> MigrationPlan.Entry {
    MigrationPlan.Entry(version: version, name: "reversal_\(version)") { migration }
}
