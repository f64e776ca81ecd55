import DataMigrations
import Dispatch
import Foundation

/// Turns SIGINT and SIGTERM into a stop at the next boundary between batches.
///
/// A second one ends the process at once; a batch that is under way is then rolled back by the database, as after a
/// crash.
final class StopHandler {
    private let sources: [any DispatchSourceSignal]

    init(_ stop: StopSignal) {
        let queue = DispatchQueue(label: "azu.signals")
        sources = [(SIGINT, "SIGINT"), (SIGTERM, "SIGTERM")].map { number, name in
            // The default action would end the process before the source is told.
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler {
                if stop.requested != nil { _exit(128 + number) }
                stop.request(name)
                Console.note("\(name): stopping after this batch; once more stops at once")
            }
            source.resume()
            return source
        }
    }

    deinit { for source in sources { source.cancel() } }
}
