import DataMigrations
import Foundation

/// Picks who tells of a run's progress.
enum ProgressOutput {
    static func observer(_ format: OutputFormat, verbose: Bool) -> any ProgressObserver {
        switch format {
        case .json: JSONProgress()
        case .text: isatty(STDERR_FILENO) == 1 ? ProgressBar(verbose: verbose) : ProgressLog(verbose: verbose)
        }
    }
}
