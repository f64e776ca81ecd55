import DataMigrations
import Synchronization

/// The run that the task at hand works on: events don't say whose they are, and several runs may have one observer.
final class ObservedRun: Sendable {
    @TaskLocal static var current: ObservedRun?

    let info: RunInfo
    private let batches = Atomic(0)

    init(_ info: RunInfo) { self.info = info }

    /// The number of a batch that was just committed: the first of this process is 1.
    func nextBatch() -> Int { batches.add(1, ordering: .relaxed).newValue }
}

extension RunDirection {
    /// How logs, metrics and spans call it.
    var label: String { rawValue }
}

extension RunReport {
    /// How logs, metrics and spans call the way a run ended.
    var label: String { status.rawValue }
}

/// How a run ended that threw an error.
enum FailureLabel {
    /// The run failed.
    static let failed = "failed"
    /// Another process has it, or took it over: nothing of this run is wrong.
    static let held = "held"

    static func of(_ error: any Error) -> String {
        let code = (error as? MigrationError)?.code
        return code == .held || code == .leaseLost ? held : failed
    }
}
