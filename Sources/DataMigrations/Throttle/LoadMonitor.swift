import Database
import Synchronization

/// Asks the signals about once a second, for all workers of a process; and, where others are at work, how long the
/// database takes to answer, some 25 times a second.
final class LoadMonitor: Sendable {
    /// How often the signals are asked.
    static let interval = Duration.seconds(1)
    /// How often the database's answers are timed; not evenly, lest batches keep step with it.
    private static var probeInterval: Duration { .milliseconds(Int.random(in: 20...60)) }
    /// How long others may still feel a batch that has ended: the disk has its log to write.
    private static let aftermath = Duration.milliseconds(100)
    /// How often batches hold still, so that it shows what others are used to, and for how long.
    private static let stillness = (every: Duration.seconds(10), lasts: Duration.milliseconds(300))

    fileprivate struct State {
        var throttle = Throttle()
        /// How often the signals have asked for shorter batches.
        var easings = 0
        var table: String?
        var last: ContinuousClock.Instant?
        /// Whether somebody asks on a connection of its own.
        var isWatched = false
        /// How many sessions of others are at work.
        var others = 0
        var answers = AnswerTimes()
        var courtesy = Courtesy()
        /// Why the answers can't be timed.
        var fault: String?
        /// How many quiet answers are still wanted, while batches hold still for them.
        var quietWanted = 0
        /// How many batches are under way, and when one last was.
        var batches: (underWay: Int, last: ContinuousClock.Instant?) = (0, nil)

        /// Whether no batch is under way that others might feel.
        var isQuiet: Bool {
            batches.underWay == 0 && batches.last.map { $0.duration(to: .now) > aftermath } ?? true
        }
    }

    private let signals: [any LoadSignal]
    private let latencyGrowth: Double?
    private let state = Mutex(State())

    init(_ limits: RunLimits) {
        signals = limits.signals
        latencyGrowth = limits.latencyGrowth
    }

    /// What holds the run back now.
    var throttle: ThrottleState? { state.withLock { $0.throttle.state ?? $0.courtesyState } }

    /// How long a batch should take.
    var aim: Duration { state.withLock { $0.others > 0 ? $0.courtesy.aim : BatchSizer.aim } }

    /// How long to pause behind a batch.
    func pause(after batch: Duration) -> Duration {
        state.withLock { state in
            let throttled = state.throttle.pause(after: batch)
            guard state.others > 0 else { return throttled }
            let still: Duration = state.quietWanted > 0 ? Self.stillness.lasts : .zero
            return max(throttled, state.courtesy.pause(after: batch), still)
        }
    }

    /// Takes note that a batch is under way while `body` runs.
    func noting<T>(_ body: () async throws -> T) async rethrows -> T {
        state.withLock { $0.batches.underWay += 1 }
        defer {
            state.withLock { state in
                state.batches.underWay -= 1
                state.batches.last = .now
            }
        }
        return try await body()
    }

    /// How often the signals have asked for shorter batches.
    var easings: Int { state.withLock { $0.easings } }

    /// Sets which table is walked.
    func watch(_ table: String) { state.withLock { $0.table = table } }

    /// Asks the signals while `body` runs, on a connection of its own where the database has one to give.
    func during(_ connection: any DatabaseConnection, _ body: () async throws -> Void) async throws {
        guard !signals.isEmpty || probe(of: connection) != nil, let own = try? await connection.another() else {
            return try await body()
        }
        // A run whose database is too busy already must not begin with a full batch.
        await sample(own)
        // What others are used to shows before the first one.
        for _ in 0..<AnswerTimes.needed where hasOthers { await timeQuietAnswers(own) }
        state.withLock { $0.isWatched = true }
        let asking = Task {
            var due = (
                sample: ContinuousClock.now + Self.interval, stillness: ContinuousClock.now + Self.stillness.every
            )
            while !Task.isCancelled {
                try? await Task.sleep(
                    for: hasOthers ? Self.probeInterval : ContinuousClock.now.duration(to: due.sample)
                )
                if Task.isCancelled { return }
                if ContinuousClock.now >= due.sample {
                    await sample(own)
                    due.sample = .now + Self.interval
                }
                guard hasOthers else { continue }
                if ContinuousClock.now >= due.stillness {
                    await timeQuietAnswers(own)
                    due.stillness = .now + Self.stillness.every
                }
                await timeAnswer(own)
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
        let others = await othersAtWork(connection)
        state.withLock { state in
            state.throttle.take(readings)
            // Whoever comes finds a run that is gentle.
            if state.others == 0 { state.courtesy = Courtesy() }
            state.others = others
            if eases { state.easings += 1 }
            state.last = .now
        }
    }

    private var hasOthers: Bool { state.withLock { $0.others > 0 } }

    /// What is timed; `nil` where nothing is to be, or can be.
    private func probe(of connection: any DatabaseConnection) -> SQL? {
        latencyGrowth == nil ? nil : connection.dialect.answerProbe
    }

    /// How many others are at work, where their answers are to be timed.
    private func othersAtWork(_ connection: any DatabaseConnection) async -> Int {
        guard probe(of: connection) != nil, let query = connection.dialect.othersAtWork else { return 0 }
        // What can't be known slows the run down.
        guard let rows = try? await connection.query(query) else { return 1 }
        return rows.first?[0].integer.map(Int.init) ?? 1
    }

    /// Has batches hold still, and times the answers meanwhile.
    private func timeQuietAnswers(_ connection: any DatabaseConnection) async {
        state.withLock { $0.quietWanted = AnswerTimes.together }
        // A long batch is not waited for: what was usual before must do.
        let end = ContinuousClock.now + Self.stillness.lasts * 3
        while state.withLock({ $0.quietWanted > 0 }), ContinuousClock.now < end, !Task.isCancelled {
            await timeAnswer(connection)
            try? await Task.sleep(for: Self.probeInterval / 5)
        }
        state.withLock { $0.quietWanted = 0 }
    }

    /// Takes the time of an answer.
    private func timeAnswer(_ connection: any DatabaseConnection) async {
        guard let latencyGrowth, let probe = probe(of: connection) else { return }
        let wasQuiet = state.withLock { $0.isQuiet }
        let start = ContinuousClock.now
        do {
            _ = try await connection.query(probe)
        } catch {
            if !Task.isCancelled { state.withLock { $0.fault = Fault.text(of: error) } }
            return
        }
        let time = start.duration(to: .now)
        state.withLock { state in
            state.fault = nil
            if wasQuiet && state.isQuiet {
                state.answers.take(time)
                state.quietWanted = max(0, state.quietWanted - 1)
            }
            // While batches hold still, answers say nothing of them.
            guard state.quietWanted == 0, let limit = state.answers.limit(growth: latencyGrowth) else { return }
            state.courtesy.take(isSlow: time > limit)
        }
    }
}

extension LoadMonitor.State {
    /// How others have the run go slower; `nil` if they don't.
    fileprivate var courtesyState: ThrottleState? {
        guard others > 0, courtesy.level > 0 else { return nil }
        let sessions = "\(others) session\(others == 1 ? "" : "s")"
        return ThrottleState(
            signal: "latency",
            utilisation: courtesy.slow / 0.05,
            reason: fault.map { "the time of answers can't be measured: \($0)" }
                ?? "others are at work (\(sessions)); at most 5 % of their answers may take longer than usual",
            isWaiting: false
        )
    }
}
