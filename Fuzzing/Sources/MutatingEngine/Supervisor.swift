import Foundation

/// Starts the process that tries inputs, and keeps the one at which it dies.
struct Supervisor {
    let options: Options
    let environment: [String: String]

    /// - Returns: the code to exit with, libFuzzer's 77 after a crash.
    func run() -> CInt {
        guard let path = CurrentInput.makeFile(longest: options.longest) else {
            MutatingEngine.say("azu-fuzz: can't make a file in \(NSTemporaryDirectory())")
            return 1
        }
        defer { try? FileManager.default.removeItem(atPath: path) }
        let seed = environment[Worker.seedVariable] ?? String(UInt64.random(in: 1...999_999_999))
        let worker = Process()
        worker.executableURL = Bundle.main.executableURL
        worker.arguments = Array(CommandLine.arguments.dropFirst())
        worker.environment = environment.merging([CurrentInput.variable: path, Worker.seedVariable: seed]) { $1 }
        do {
            try worker.run()
        } catch {
            MutatingEngine.say("azu-fuzz: can't start: \(error)")
            return 1
        }
        worker.waitUntilExit()
        if worker.terminationReason == .exit { return worker.terminationStatus }
        let what = worker.terminationStatus == SIGALRM ? "timeout" : "crash"
        let artifact = options.artifacts + "\(what)-\(seed)"
        let isKept = FileManager.default.createFile(atPath: artifact, contents: Data(CurrentInput.bytes(path: path)))
        let place = isKept ? "the input is in \(artifact)" : "\(artifact) can't be written"
        MutatingEngine.say("azu-fuzz: \(what), signal \(worker.terminationStatus); \(place)")
        return 77
    }
}
