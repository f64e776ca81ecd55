import ArgumentParser
import DataMigrations
import Database
import Foundation
import Testing

@testable import AzuCommands

@Suite struct LimitOptionsTests {
    private let root = URL(filePath: "/projects/shop", directoryHint: .isDirectory)

    private func limits(_ arguments: String...) throws -> RunLimits {
        try Settings(root: root, environment: nil, process: [:], flags: LimitOptions.parse(arguments).flags).limits()
    }

    /// The names of the signals, and the limits of those that are measured.
    private func signals(_ arguments: [String]) throws -> [String] {
        let flags = try LimitOptions.parse(arguments.flatMap { ["--throttle", $0] }).flags
        return try Settings(root: root, environment: nil, process: [:], flags: flags).limits().signals.map { signal in
            guard let measured = signal as? MeasuredLoad else { return signal.name }
            return "\(measured.name)=\(measured.limit)"
        }
    }

    @Test func withoutOptionsARunHasTheUsualSignalsAndNoOtherLimit() throws {
        let limits = try limits()
        #expect(limits.signals.map(\.name) == ["lag", "connections", "locks", "vacuum"])
        #expect(limits.rowsPerSecond == nil)
        #expect(limits.window == nil)
        #expect(limits.runTime == nil)
        #expect(limits.pauseFile == nil)
        #expect(limits.retry == RetryPolicy())
    }

    @Test func eachLimitIsRead() throws {
        let limits = try limits(
            "--max-rows-per-second",
            "0.5",
            "--window",
            "22:00-04:30",
            "--run-time",
            "90s",
            "--pause-file",
            "tmp/pause",
            "--retry-for",
            "10m"
        )
        #expect(limits.rowsPerSecond == 0.5)
        #expect(limits.window?.description == "22:00-04:30")
        #expect(limits.runTime == .seconds(90))
        #expect(limits.pauseFile?.path(percentEncoded: false) == "/projects/shop/tmp/pause")
        #expect(limits.retry.limit == .seconds(600))
        #expect(limits.retry.delay == RetryPolicy().delay)
        #expect(try self.limits("--pause-file", "/tmp/pause").pauseFile?.path(percentEncoded: false) == "/tmp/pause")
    }

    @Test(
        arguments: [
            ([], 0.25), (["latency=1"], 1), (["latency=off"], nil), (["off"], nil), (["off", "latency=0.5"], 0.5),
            (["latency=2", "lag=off"], 2), (["latency=2", "off"], nil),
        ] as [([String], Double?)]
    )
    func howMuchLongerOthersMayWait(options: [String], growth: Double?) throws {
        let flags = try LimitOptions.parse(options.flatMap { ["--throttle", $0] }).flags
        let settings = try Settings(root: root, environment: nil, process: [:], flags: flags)
        #expect(try settings.limits().latencyGrowth == growth)
    }

    static let throttles: [(options: [String], signals: [String])] = [
        ([], ["lag=10.0", "connections=0.8", "locks=1.0", "vacuum=2.0"]), (["off"], []),
        (["lag=off", "locks=off"], ["connections=0.8", "vacuum=2.0"]),
        (["lag=2.5"], ["lag=2.5", "connections=0.8", "locks=1.0", "vacuum=2.0"]),
        (["off", "vacuum=5"], ["vacuum=5.0"]), (["vacuum=5", "off"], []),
        (["lag=1", "lag=2", "off", "lag=3"], ["lag=3.0"]),
        (["off", "wal=50"], ["wal"]), (["off", "wal=50", "wal=off"], []),
    ]

    @Test(arguments: throttles.indices) func aLaterThrottleGoesBeforeAnEarlierOne(_ index: Int) throws {
        let (options, wanted) = Self.throttles[index]
        #expect(try signals(options) == wanted)
    }

    @Test func aQueryOfOnesOwnStaysThoughTheOthersAreOff() throws {
        let limits = try limits("--throttle", "off", "--throttle-query", "SELECT 0.5")
        #expect(limits.signals.map(\.name) == ["query"])
    }

    @Test(arguments: [
        ["--throttle", "x=1"], ["--throttle", "lag"], ["--throttle", "lag="], ["--throttle", "lag=0"],
        ["--throttle", "lag=-1"], ["--throttle", "lag=nan"], ["--throttle", "lag=inf"], ["--throttle", "on"],
        ["--window", "1-2"], ["--window", "05:00-05:00"], ["--run-time", "5"], ["--run-time", "5 min"],
        ["--max-rows-per-second", "0"], ["--max-rows-per-second", "nan"], ["--max-rows-per-second", "x"],
        ["--retry-for", "soon"],
    ])
    func whatIsNoLimitIsRefused(_ arguments: [String]) {
        #expect(throws: (any Error).self) { try LimitOptions.parse(arguments) }
    }
}
