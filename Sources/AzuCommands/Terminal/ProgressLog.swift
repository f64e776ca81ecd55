import DataMigrations
import Synchronization

/// For a log file: a line every few seconds.
final class ProgressLog: ProgressObserver {
    private static let interval = Duration.seconds(5)
    private let verbose: Bool
    private let state = Mutex<(meter: ProgressMeter?, last: Duration)>((nil, .zero))

    init(verbose: Bool) { self.verbose = verbose }

    func observe(_ event: ProgressEvent) {
        if let text = ProgressLine.text(event) { Console.note(text) }
        let now = Uptime.now
        switch event {
        case .reading(let info): state.withLock { $0 = (ProgressMeter(info, at: now), now) }
        case .batch(let batch):
            if verbose { Console.note(ProgressLine.text(batch)) }
            let line = state.withLock { state -> String? in
                state.meter?.add(batch, at: now)
                guard let meter = state.meter, now - state.last >= Self.interval else { return nil }
                state.last = now
                return ProgressLine.text(meter, at: now)
            }
            if let line { Console.note("  " + line) }
        default: break
        }
    }
}
