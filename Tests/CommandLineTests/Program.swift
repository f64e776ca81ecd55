import Foundation
import Synchronization

/// A run of the real command line.
final class Program {
    /// What came of it.
    struct Outcome {
        var code: Int32
        var isKilled: Bool
        var output: String
        var errors: String
    }

    private let process = Process()
    private let output: URL
    private let errors: URL

    /// Starts `azu` with the fixture's migrations in a folder.
    init(_ arguments: [String], in folder: URL, environment: [String: String] = [:]) throws {
        output = folder.appending(path: "output-\(UUID().uuidString)")
        errors = folder.appending(path: "errors-\(UUID().uuidString)")
        for file in [output, errors] { try Data().write(to: file) }
        process.executableURL = Self.folder.appending(path: "azu-fixture")
        process.arguments = arguments
        process.currentDirectoryURL = folder
        var variables = ProcessInfo.processInfo.environment
        for name in variables.keys where name == "DATABASE_URL" || name.hasPrefix("AZU_") { variables[name] = nil }
        process.environment = variables.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: errors)
        try process.run()
    }

    var isRunning: Bool { process.isRunning }

    func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

    /// Waits until the output holds a text, or the process ends.
    func waitForOutput(_ text: String) throws {
        while process.isRunning, !(try String(contentsOf: output, encoding: .utf8)).contains(text) { usleep(2_000) }
    }

    func finish() throws -> Outcome {
        process.waitUntilExit()
        return Outcome(
            code: process.terminationStatus,
            isKilled: process.terminationReason == .uncaughtSignal,
            output: try String(contentsOf: output, encoding: .utf8),
            errors: try String(contentsOf: errors, encoding: .utf8)
        )
    }

    static func run(_ arguments: String..., in folder: URL, environment: [String: String] = [:]) throws -> Outcome {
        try Program(arguments, in: folder, environment: environment).finish()
    }

    /// Where the products of the build are: beside this test's own program.
    static var folder: URL {
        URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
    }
}
