import DataMigrations
import TestSupport

/// Does something after each batch, whose number it gets, and counts what is tried again.
final class BatchObserver: ProgressObserver {
    private let batches = Counter()
    private let repeats = Counter()
    private let action: @Sendable (_ number: Int) -> Void

    init(_ action: @escaping @Sendable (_ number: Int) -> Void) { self.action = action }

    func observe(_ event: ProgressEvent) {
        switch event {
        case .batch: action(batches.next())
        case .retrying: repeats.next()
        default: break
        }
    }

    /// How often something was tried again.
    var retries: Int { repeats.value }
}
