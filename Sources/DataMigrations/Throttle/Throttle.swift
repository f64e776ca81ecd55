/// Why a run is held back, and by how much.
public struct ThrottleState: Sendable, Hashable {
    /// The name of the signal: `lag`.
    public var signal: String
    /// The share of its limit that is used.
    public var utilisation: Double
    /// What a person reads.
    public var reason: String
    /// Whether no batch is begun; otherwise the run goes on, slower.
    public var isWaiting: Bool
}

/// Turns what signals tell into pauses.
///
/// The signal that is nearest to its limit decides. From three quarters of the limit on, a pause follows each batch, up
/// to twice as long as the batch took; at the limit no batch is begun until the signal is a tenth below it, lest the run
/// starts and stops by turns. A signal that can't be read counts as one that is nine tenths used.
struct Throttle: Sendable {
    /// What one signal told.
    struct Reading: Sendable {
        var signal: String
        var load: Load
        var isReadable = true
    }

    /// What holds the run back; `nil` if nothing does.
    private(set) var state: ThrottleState?
    /// From where on pauses are made.
    static let slowFrom = 0.75
    /// Below what a run that waits goes on.
    static let goOnBelow = 0.9

    /// Takes what the signals tell now.
    mutating func take(_ readings: [Reading]) {
        guard let highest = readings.max(by: { $0.load.utilisation < $1.load.utilisation }) else {
            state = nil
            return
        }
        let used = highest.load.utilisation
        guard used >= Self.slowFrom else {
            state = nil
            return
        }
        // What can't be read says nothing that a run would have to wait for.
        let hadItWait = state.map { $0.isWaiting && $0.signal == highest.signal } ?? false
        let isWaiting = highest.isReadable && (used >= 1 || (hadItWait && used >= Self.goOnBelow))
        state = ThrottleState(
            signal: highest.signal,
            utilisation: used,
            reason: highest.load.reason,
            isWaiting: isWaiting
        )
    }

    /// How long to pause behind a batch.
    func pause(after batch: Duration) -> Duration {
        guard let state, !state.isWaiting else { return .zero }
        return batch * (2 * min(1, (state.utilisation - Self.slowFrom) / (1 - Self.slowFrom)))
    }

    /// What a signal that can't be read stands for.
    static func unreadable(_ signal: String, _ error: any Error) -> Reading {
        Reading(
            signal: signal,
            load: Load(utilisation: 0.9, reason: "\(signal) can't be read: \(Fault.text(of: error))"),
            isReadable: false
        )
    }
}
