import ArgumentParser
import Configuration
import DataMigrations
import Database

/// What a run may ask of the database, and when.
struct LimitOptions: ParsableArguments {
    @Option(help: ArgumentHelp("At most so many rows a second.", valueName: "n"))
    var maxRowsPerSecond: Double?

    @Option(help: ArgumentHelp("The hours in which batches are begun, such as 01:00-05:00.", valueName: "hh:mm-hh:mm"))
    var window: WindowOption?

    @Option(help: ArgumentHelp("Stop after so long, as on SIGTERM: 90s, 30m, 2h.", valueName: "time"))
    var runTime: TimeSpan?

    @Option(help: ArgumentHelp("A file that has the run wait for as long as it is there.", valueName: "path"))
    var pauseFile: String?

    @Option(
        help: ArgumentHelp(
            """
            A signal and where the run waits for it: lag=10 (seconds), connections=0.8 (share), locks=1 (sessions), \
            vacuum=2 (dead rows to a living one), latency=0.25 (how much longer others may wait for answers), \
            wal=50 (MB a second, off by default); NAME=off, or off for none.
            """,
            valueName: "signal=limit|off"
        )
    )
    var throttle: [ThrottleOption] = []

    @Option(
        help: ArgumentHelp(
            "A query whose number, or truth value, has the run wait at 1, and slow down from 0.75 on.",
            valueName: "sql"
        )
    )
    var throttleQuery: String?

    @Option(
        help: ArgumentHelp(
            "How long a batch is tried again after locks, deadlocks, timeouts and lost connections.",
            valueName: "time"
        )
    )
    var retryFor: TimeSpan?

    func validate() throws {
        if let maxRowsPerSecond, !(maxRowsPerSecond >= 0.01 && maxRowsPerSecond <= 1e12) {
            throw ValidationError("--max-rows-per-second takes a number from 0.01 on")
        }
    }

    /// What is given, for ``Settings``.
    var flags: [(Setting, ConfigContent)] {
        var flags: [(Setting, ConfigContent)] = []
        if let maxRowsPerSecond { flags.append((.maxRowsPerSecond, .double(maxRowsPerSecond))) }
        if let window { flags.append((.window, .string(window.window.description))) }
        if let runTime { flags.append((.runTime, .string(runTime.text))) }
        if let pauseFile { flags.append((.pauseFile, .string(pauseFile))) }
        if !throttle.isEmpty { flags.append((.throttle, .stringArray(throttle.map(\.text)))) }
        if let throttleQuery { flags.append((.throttleQuery, .string(throttleQuery))) }
        if let retryFor { flags.append((.retryFor, .string(retryFor.text))) }
        return flags
    }
}

/// ``DataMigrations/TimeWindow`` on the command line.
struct WindowOption: ExpressibleByArgument {
    let window: TimeWindow

    init?(argument: String) {
        guard let window = TimeWindow(argument) else { return nil }
        self.window = window
    }
}

/// One `--throttle`.
enum ThrottleOption: ExpressibleByArgument {
    /// No signals at all, but for those that are named after it.
    case off
    /// A signal of the database's, and its limit; `nil` for none.
    case measure(LoadMeasure, Double?)
    /// The database's log, in megabytes a second.
    case log(Double?)
    /// By which share the database may take longer to answer others.
    case latency(Double?)

    init?(argument: String) {
        if argument == "off" {
            self = .off
            return
        }
        let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { return nil }
        let limit = Double(parts[1])
        guard parts[1] == "off" || limit.map({ $0 > 0 && $0.isFinite }) ?? false else { return nil }
        if parts[0] == "wal" {
            self = .log(limit)
        } else if parts[0] == "latency" {
            self = .latency(limit)
        } else if let measure = LoadMeasure(rawValue: parts[0]) {
            self = .measure(measure, limit)
        } else {
            return nil
        }
    }

    /// By which share answers may take longer; a later option goes before an earlier one.
    static func latencyGrowth(_ options: [ThrottleOption]) -> Double? {
        var growth: Double? = RunLimits.usualLatencyGrowth
        for option in options {
            switch option {
            case .off: growth = nil
            case .latency(let limit): growth = limit
            case .measure, .log: break
            }
        }
        return growth
    }

    /// As it is written.
    var text: String {
        switch self {
        case .off: "off"
        case .measure(let measure, let limit): "\(measure.rawValue)=\(limit.map { "\($0)" } ?? "off")"
        case .log(let limit): "wal=\(limit.map { "\($0)" } ?? "off")"
        case .latency(let limit): "latency=\(limit.map { "\($0)" } ?? "off")"
        }
    }

    /// The signals that are left; a later option goes before an earlier one.
    static func signals(_ options: [ThrottleOption]) -> [any LoadSignal] {
        var limits = Dictionary(
            uniqueKeysWithValues: LoadMeasure.allCases.map { ($0, MeasuredLoad.usualLimit(of: $0)) }
        )
        var log: Double?
        for option in options {
            switch option {
            case .off: (limits, log) = ([:], nil)
            case .latency: break
            case .measure(let measure, let limit): limits[measure] = limit
            case .log(let limit): log = limit
            }
        }
        let measured: [any LoadSignal] = LoadMeasure.allCases.compactMap { measure in
            limits[measure].map { MeasuredLoad(measure, limit: $0) }
        }
        return measured + (log.map { [WrittenLog(bytesPerSecond: $0 * 1e6)] } ?? [])
    }
}
