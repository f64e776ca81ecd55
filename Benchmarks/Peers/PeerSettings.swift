import DataMigrations
import Foundation

/// What the environment says about a run.
enum PeerSettings {
    private static let environment = ProcessInfo.processInfo.environment

    /// The file that is imported.
    static let legacyUsers = environment["PEERS_CSV"] ?? "legacy_users.csv"

    /// Orders from before this moment are old.
    static let cutoff: Date = {
        let text = environment["PEERS_CUTOFF"] ?? "2024-01-01 00:00:00"
        guard let date = Timestamp.parse(text) else { fatalError("PEERS_CUTOFF is not a date: \(text)") }
        return date
    }()

    /// Whether before-images are kept: yes, unless `AZU_PEERS_JOURNAL` is `off`.
    static let journal: MigrationOptions.Journal = environment["AZU_PEERS_JOURNAL"] == "off" ? .off : .on

    /// `AZU_PEERS_BATCH` rows a batch, for figures of memory that can be compared; otherwise azu decides.
    static let batchSize: MigrationOptions.BatchSize = {
        guard let text = environment["AZU_PEERS_BATCH"] else { return .adaptive() }
        guard let rows = Int(text) else { fatalError("AZU_PEERS_BATCH is not a number: \(text)") }
        return .fixed(rows)
    }()
}
