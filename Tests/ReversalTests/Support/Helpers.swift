import DataMigrations
import Database

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
