import Foundation

/// A program of the system, which is run to its end.
enum Command {
    /// The place of a program on the PATH; `nil` if it is not there.
    static func find(_ name: String) -> String? {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        return path.split(separator: ":").map { "\($0)/\(name)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// Calls a program on a thread that may wait.
    ///
    /// - Returns: what it says.
    @discardableResult
    static func run(
        _ program: String,
        _ arguments: [String],
        environment: [String: String] = [:]
    ) async throws -> String {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(with: Result { try call(program, arguments, environment: environment) })
            }
        }
    }

    /// Calls a program, and blocks the thread.
    ///
    /// - Returns: what it says.
    @discardableResult
    static func call(_ program: String, _ arguments: [String], environment: [String: String] = [:]) throws -> String {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let printed = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationReason == .exit, process.terminationStatus == 0 else {
            throw Failed(description: "\(program) ended with \(process.terminationStatus): \(printed)")
        }
        return printed
    }

    private struct Failed: Error, CustomStringConvertible {
        let description: String
    }
}
