import DataMigrations
import DataMigrationsObservability
import Dispatch
import Foundation
import Synchronization

/// Writes what runs do into a file, for the textfile collector of Prometheus' node_exporter: when a run begins, every 15
/// seconds, and when it ends, however it does.
final class MetricsFile: ProgressObserver {
    private let file: URL
    private let interval: Duration
    private let metrics = TextMetrics()
    private let observer: MetricsObserver
    /// Files are not written on the threads that run tasks.
    private let queue = DispatchQueue(label: "azu.metrics")
    private let hasFailed = Mutex(false)

    init(_ file: URL, every interval: Duration = .seconds(15)) {
        self.file = file
        self.interval = interval
        observer = MetricsObserver(factory: metrics)
    }

    func observe(_ event: ProgressEvent) { observer.observe(event) }

    func during(_ scope: RunScope, _ work: () async throws -> RunOutcome) async throws -> RunOutcome {
        guard case .run = scope else { return try await work() }
        let timer = DispatchSource.makeTimerSource(queue: queue)
        let seconds = interval / .seconds(1)
        timer.schedule(deadline: .now(), repeating: seconds, leeway: .milliseconds(100))
        timer.setEventHandler { self.write() }
        timer.resume()
        let outcome: Result<RunOutcome, any Error>
        do {
            outcome = .success(try await observer.during(scope, work))
        } catch {
            outcome = .failure(error)
        }
        timer.cancel()
        await withCheckedContinuation { continuation in
            queue.async {
                self.write()
                continuation.resume()
            }
        }
        return try outcome.get()
    }

    /// Replaces the file as a whole: the collector may read at any moment, but nothing that does not end in `.prom`.
    private func write() {
        let path = file.path(percentEncoded: false)
        let draft = "\(path).\(ProcessInfo.processInfo.processIdentifier)"
        do {
            try Data(metrics.text.utf8).write(to: URL(filePath: draft))
            guard rename(draft, path) == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        } catch {
            // A run is worth more than its metrics.
            let isFirst = hasFailed.withLock { hasFailed in
                defer { hasFailed = true }
                return !hasFailed
            }
            if isFirst { Console.note("can't write \(path), so there are no metrics: \(error.localizedDescription)") }
        }
    }
}
