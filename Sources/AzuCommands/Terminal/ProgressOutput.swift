import DataMigrations
import Foundation

/// Picks who tells of a run's progress.
enum ProgressOutput {
    static func observer(_ options: RunOptions) -> any ProgressObserver {
        switch options.output {
        case .json: JSONProgress()
        case .text:
            isatty(STDERR_FILENO) == 1 ? ProgressBar(verbose: options.verbose) : ProgressLog(verbose: options.verbose)
        }
    }
}
