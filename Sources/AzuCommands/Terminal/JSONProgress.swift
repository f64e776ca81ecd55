import DataMigrations

/// For a program: each event as one JSON object on a line of standard output.
struct JSONProgress: ProgressObserver {
    func observe(_ event: ProgressEvent) {
        switch event {
        case .started(let run):
            Console.json(
                Started(version: run.version, name: run.name, direction: run.direction, resumed: run.isResumed)
            )
        case .reading(let info): Console.json(Reading(info))
        case .batch(let batch): Console.json(Batch(batch))
        case .sweeping: Console.json(Plain(event: "sweeping"))
        case .retrying(let reason, let attempt, _): Console.json(Retrying(reason: reason, attempt: attempt))
        case .waiting(let reason): Console.json(Waiting(reason: reason))
        case .throttled(let state): Console.json(Throttled(state))
        case .message(let message): Console.json(Message(message: message))
        case .finished(let report): Console.json(Finished(report))
        }
    }

    private struct Plain: Encodable {
        var event: String
    }

    private struct Started: Encodable {
        var event = "started"
        var version: String
        var name: String
        var direction: RunDirection
        var resumed: Bool
    }

    private struct Reading: Encodable {
        var event = "reading"
        var source: String
        var totalRows: Int?
        var totalBytes: Int?
        var doneRows: Int

        init(_ info: ReadingInfo) {
            source = info.label
            doneRows = info.done.visited
            switch info.total {
            case .rows(let rows): totalRows = rows
            case .bytes(let bytes): totalBytes = bytes
            case nil: break
            }
        }
    }

    private struct Batch: Encodable {
        var event = "batch"
        var size: Int
        var seconds: Double
        var counters: ChangeCounters
        var position: Int?

        init(_ batch: BatchProgress) {
            size = batch.size
            seconds = batch.duration / .seconds(1)
            counters = batch.counters
            position = batch.position
        }
    }

    private struct Retrying: Encodable {
        var event = "retrying"
        var reason: String
        var attempt: Int
    }

    private struct Waiting: Encodable {
        var event: String
        var reason: String?

        init(reason: String?) {
            event = reason == nil ? "going_on" : "waiting"
            self.reason = reason
        }
    }

    private struct Throttled: Encodable {
        var event: String
        var signal: String?
        var utilisation: Double?
        var reason: String?

        init(_ state: ThrottleState?) {
            event = state == nil ? "unthrottled" : "throttled"
            signal = state?.signal
            utilisation = state?.utilisation
            reason = state?.reason
        }
    }

    private struct Message: Encodable {
        var event = "message"
        var message: String
    }

    private struct Finished: Encodable {
        var event = "finished"
        var version: String
        var name: String
        var direction: RunDirection
        var status: RunState
        var counters: ChangeCounters
        var openQuarantine: Int
        var conflictCount: Int
        var seconds: Double
        var error: String?

        init(_ report: RunReport) {
            version = report.version
            name = report.name
            direction = report.direction
            status = report.status
            counters = report.counters
            openQuarantine = report.openQuarantine
            conflictCount = report.conflicts
            seconds = report.duration / .seconds(1)
            error = report.error
        }
    }
}
