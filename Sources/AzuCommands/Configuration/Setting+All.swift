import Configuration
import DataMigrations

/// All that can be set. A new one is a line here, and one in docs/configuration.md.
extension Setting {
    static let all: [Setting] = [
        databaseURL,
        workers,
        maxRowsPerSecond,
        window,
        runTime,
        pauseFile,
        throttle,
        throttleQuery,
        retryFor,
        verbose,
        yes,
        allowChangedSource,
        metricsFile,
        hook,
        hookTimeout,
        webhookURL,
    ]

    static let databaseURL = Setting(
        "databaseURL",
        variable: "DATABASE_URL",
        key: ["database", "url"],
        takes: "the URL of a database",
        secrecy: .login
    )
    static let workers = Setting(
        "workers",
        variable: "AZU_WORKERS",
        flag: "--workers",
        .int,
        takes: "a whole number from 1 to 64",
        usual: "1",
        accepts: { if case .int(let workers) = $0 { (1...64).contains(workers) } else { false } }
    )
    static let maxRowsPerSecond = Setting(
        "maxRowsPerSecond",
        variable: "AZU_MAX_ROWS_PER_SECOND",
        flag: "--max-rows-per-second",
        .double,
        takes: "a number from 0.01 on",
        accepts: { if case .double(let rows) = $0 { rows >= 0.01 && rows <= 1e12 } else { false } }
    )
    static let window = Setting(
        "window",
        variable: "AZU_WINDOW",
        flag: "--window",
        takes: "two times of day, such as 01:00-05:00",
        accepts: text { TimeWindow($0) != nil }
    )
    static let runTime = Setting(
        "runTime",
        variable: "AZU_RUN_TIME",
        flag: "--run-time",
        takes: "a time: 90s, 30m, 2h, 1d",
        accepts: text { TimeSpan(argument: $0) != nil }
    )
    static let pauseFile = Setting(
        "pauseFile",
        variable: "AZU_PAUSE_FILE",
        flag: "--pause-file",
        takes: "a path"
    )
    static let throttle = Setting(
        "throttle",
        variable: "AZU_THROTTLE",
        flag: "--throttle",
        .stringArray,
        takes: "signals and limits: lag=10, connections=0.8, locks=1, vacuum=2, latency=0.25, wal=50; NAME=off, or off",
        usual: "lag=10,connections=0.8,locks=1,vacuum=2,latency=0.25",
        accepts: {
            guard case .stringArray(let options) = $0 else { return false }
            return options.allSatisfy { ThrottleOption(argument: $0) != nil }
        }
    )
    static let throttleQuery = Setting(
        "throttleQuery",
        variable: "AZU_THROTTLE_QUERY",
        flag: "--throttle-query",
        takes: "a query"
    )
    static let retryFor = Setting(
        "retryFor",
        variable: "AZU_RETRY_FOR",
        flag: "--retry-for",
        takes: "a time: 90s, 30m, 2h, 1d",
        usual: "5m",
        accepts: text { TimeSpan(argument: $0) != nil }
    )
    static let verbose = Setting(
        "verbose",
        variable: "AZU_VERBOSE",
        flag: "--verbose",
        .bool,
        takes: "true or false",
        usual: "false"
    )
    static let yes = Setting(
        "yes",
        variable: "AZU_YES",
        flag: "--yes",
        .bool,
        takes: "true or false",
        usual: "false",
        isOfOneRun: true
    )
    static let allowChangedSource = Setting(
        "allowChangedSource",
        variable: "AZU_ALLOW_CHANGED_SOURCE",
        flag: "--allow-changed-source",
        .bool,
        takes: "true or false",
        usual: "false",
        isOfOneRun: true
    )
    static let metricsFile = Setting(
        "metricsFile",
        variable: "AZU_METRICS_FILE",
        flag: "--metrics-file",
        takes: "a path"
    )
    static let hook = Setting("hook", variable: "AZU_HOOK", takes: "a command", secrecy: .arguments)
    static let hookTimeout = Setting(
        "hookTimeout",
        variable: "AZU_HOOK_TIMEOUT",
        takes: "a time from 1s on: 10s, 2m",
        usual: "30s",
        accepts: text { (TimeSpan(argument: $0)?.seconds ?? 0) > 0 }
    )
    static let webhookURL = Setting("webhookURL", variable: "AZU_WEBHOOK_URL", takes: "a URL", secrecy: .path)

    /// Takes texts that meet a condition.
    private static func text(_ condition: @escaping @Sendable (String) -> Bool) -> @Sendable (ConfigContent) -> Bool {
        { if case .string(let text) = $0 { condition(text) } else { false } }
    }
}
