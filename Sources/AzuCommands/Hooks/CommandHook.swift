import DataMigrations
import Foundation

/// `AZU_HOOK`: a command that is run for each turn of a run, by `sh -c`, in the project's folder.
///
/// It finds the run in its environment (`AZU_EVENT`, `AZU_NAME`, …) and, as JSON, on its standard input. What it prints goes
/// to standard error.
struct CommandHook: RecordHooks {
    let command: String
    let folder: URL
    let environment: String
    /// How long it may take before it is killed.
    let limit: Duration

    func send(_ record: HookRecord) async throws {
        let child = ChildProcess(
            arguments: ["/bin/sh", "-c", command],
            folder: folder,
            variables: record.variables,
            input: Data((record.json + "\n").utf8)
        )
        switch try await child.run(limit: limit).ending {
        case .exit(0): break
        case .exit(let code): throw HookFailure(description: "AZU_HOOK ended with exit code \(code)")
        case .signal(let signal): throw HookFailure(description: "AZU_HOOK was ended by signal \(signal)")
        case .timeLimit: throw HookFailure(description: "AZU_HOOK took longer than \(limit.text) and was killed")
        }
    }
}

extension Duration {
    /// Writes `30 s`.
    var text: String { Numbers.duration(self) }
}
