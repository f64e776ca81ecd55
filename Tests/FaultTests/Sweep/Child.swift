import Foundation

/// A process of `azu-fault`.
enum Child {
    enum End: Equatable {
        case killed
        case exited(Int32)
    }

    /// What `azu-fault share` ends with if another process has taken its part over.
    static let superseded = End.exited(3)

    /// Runs one to its end.
    static func run(_ arguments: [String]) async throws -> End { await end(of: try start(arguments)) }

    /// Waits for the end of one.
    static func end(of process: Process) async -> End {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                process.waitUntilExit()
                let isKilled = process.terminationReason == .uncaughtSignal && process.terminationStatus == SIGKILL
                continuation.resume(returning: isKilled ? .killed : .exited(process.terminationStatus))
            }
        }
    }

    static func start(_ arguments: [String], environment: [String: String] = [:]) throws -> Process {
        let process = Process()
        process.executableURL = executable
        process.arguments = arguments
        if !environment.isEmpty {
            process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        return process
    }

    /// Beside the tests, where SwiftPM builds it.
    static let executable =
        Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }
        .map { $0.bundleURL.deletingLastPathComponent().appending(path: "azu-fault") }
        ?? URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "azu-fault")
}
