import Database
import Synchronization

/// Asks the signals about once a second, for all workers of a process.
final class LoadMonitor: Sendable {
    /// How often.
    static let interval = Duration.seconds(1)

    private struct State {
        var throttle = Throttle()
        /// How often the signals have asked for shorter batches.
        var easings = 0
        var table: String?
        var last: ContinuousClock.Instant?
        /// Whether somebody asks on a connection of its own.
        var isWatched = false
    }

    private let signals: [any LoadSignal]
    private let state = Mutex(State())

    init(_ signals: [any LoadSignal]) { self.signals = signals }

    /// What holds the run back now.
    var throttle: Throttle { state.withLock { $0.throttle } }
    /// How often the signals have asked for shorter batches.
    var easings: Int { state.withLock { $0.easings } }

    /// Sets which table is walked.
    func watch(_ table: String) { state.withLock { $0.table = table } }

    /// Asks the signals while `body` runs, on a connection of its own where the database has one to give.
    func during(_ connection: any DatabaseConnection, _ body: () async throws -> Void) async throws {
        guard !signals.isEmpty, let own = try? await connection.another() else { return try await body() }
        // A run whose database is too busy already must not begin with a full batch.
        await sample(own)
        state.withLock { $0.isWatched = true }
        let asking = Task {
            while !Task.isCancelled {
                try? await Task.sleep(for: Self.interval)
                if !Task.isCancelled { await sample(own) }
            }
        }
        func end() async {
            asking.cancel()
            await asking.value
            state.withLock { $0.isWatched = false }
            await own.close()
        }
        do {
            try await body()
            await end()
        } catch {
            await end()
            throw error
        }
    }

    /// Asks between two batches, on their connection, where nobody asks on another one.
    func sampleIfDue(_ connection: any DatabaseConnection) async {
        let isDue = state.withLock { state in
            !state.isWatched && (state.last.map { $0.duration(to: .now) >= Self.interval } ?? true)
        }
        if isDue, !signals.isEmpty { await sample(connection) }
    }

    private func sample(_ connection: any DatabaseConnection) async {
        let table = state.withLock { $0.table }
        var readings: [Throttle.Reading] = []
        for signal in signals {
            do {
                guard let load = try await signal.read(connection, table: table) else { continue }
                readings.append(.init(signal: signal.name, load: load))
            } catch {
                if Task.isCancelled { return }
                readings.append(Throttle.unreadable(signal.name, error))
            }
        }
        let eases = readings.contains { $0.load.wantsShorterBatches }
        state.withLock { state in
            state.throttle.take(readings)
            if eases { state.easings += 1 }
            state.last = .now
        }
    }
}
