import Foundation

/// A program that is run beside this one, for a limited time.
///
/// Nothing waits for it on the cooperative threads.
struct ChildProcess {
    /// How it ended.
    enum Ending: Sendable, Equatable {
        case exit(Int32)
        case signal(Int32)
        /// It was killed, with all that it had started.
        case timeLimit
    }

    /// The program, and its arguments.
    var arguments: [String]
    var folder: URL
    /// Variables beside those of this process.
    var variables: [String: String] = [:]
    /// What it reads; less than a pipe holds, so that nobody waits for it to be read.
    var input: Data
    /// Whether what it prints is wanted; otherwise it goes to standard error, since standard output is for results.
    var keepsOutput = false

    /// Runs it.
    ///
    /// - Parameter limit: how long it may take.
    /// - Returns: how it ended, and what it printed, if that is wanted.
    /// - Throws: what keeps it from being started.
    func run(limit: Duration) async throws -> (ending: Ending, output: String) {
        let process = Process()
        process.executableURL = URL(filePath: arguments[0])
        process.arguments = Array(arguments.dropFirst())
        process.currentDirectoryURL = folder
        process.environment = ProcessInfo.processInfo.environment.merging(variables) { $1 }
        let (stdin, stdout) = (Pipe(), Pipe())
        process.standardInput = stdin
        process.standardOutput = keepsOutput ? stdout : FileHandle.standardError
        process.standardError = keepsOutput ? FileHandle.nullDevice : FileHandle.standardError
        let (ends, end) = AsyncStream.makeStream(of: Ending.self)
        process.terminationHandler = { process in
            let isSignal = process.terminationReason == .uncaughtSignal
            end.yield(isSignal ? .signal(process.terminationStatus) : .exit(process.terminationStatus))
            end.finish()
        }
        // Written before anybody could close the other end, which would end this process by SIGPIPE.
        try stdin.fileHandleForWriting.write(contentsOf: input)
        try process.run()
        try? stdin.fileHandleForWriting.close()
        let number = process.processIdentifier
        let ending: Ending? = await withTaskGroup(of: Ending?.self) { group in
            group.addTask {
                guard (try? await Task.sleep(for: limit)) != nil else { return nil }
                Self.kill(number)
                return .timeLimit
            }
            group.addTask {
                for await ended in ends { return ended }
                return nil
            }
            var first: Ending?
            for await ended in group {
                first = first ?? ended
                // One that was killed ends soon, and is waited for.
                if ended != .timeLimit { group.cancelAll() }
            }
            return first
        }
        guard let ending else {
            // Whoever cancelled this does not want it to go on.
            Self.kill(number)
            throw CancellationError()
        }
        if ending == .timeLimit { return (ending, "") }
        guard keepsOutput else { return (ending, "") }
        let output = try? stdout.fileHandleForReading.readToEnd()
        return (ending, String(decoding: output ?? Data(), as: UTF8.self))
    }

    /// Ends a process with all that it has started.
    ///
    /// SIGTERM would not do: it passes on that this process ignores it.
    private static func kill(_ number: Int32) {
        // Foundation gives a child a group of its own where it can.
        if Foundation.kill(-number, SIGKILL) != 0 { _ = Foundation.kill(number, SIGKILL) }
    }
}
