import Foundation

/// A process of `azu-fault`.
enum Child {
    enum End: Equatable {
        case killed
        case exited(Int32)
    }

    /// Runs one to its end.
    static func run(_ arguments: [String]) async throws -> End {
        let process = try start(arguments)
        return await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                process.waitUntilExit()
                let isKilled = process.terminationReason == .uncaughtSignal && process.terminationStatus == SIGKILL
                continuation.resume(returning: isKilled ? .killed : .exited(process.terminationStatus))
            }
        }
    }

    static func start(_ arguments: [String]) throws -> Process {
        let process = Process()
        process.executableURL = executable
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        return process
    }

    /// Beside the tests, where SwiftPM builds it.
    private static let executable =
        Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }
        .map { $0.bundleURL.deletingLastPathComponent().appending(path: "azu-fault") }
        ?? URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "azu-fault")
}
