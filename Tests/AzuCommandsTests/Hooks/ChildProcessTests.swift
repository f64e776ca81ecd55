import Foundation
import Testing

@testable import AzuCommands

@Suite struct ChildProcessTests {
    private func run(
        _ script: String,
        limit: Duration = .seconds(60),
        input: String = ""
    ) async throws -> (ending: ChildProcess.Ending, output: String) {
        let child = ChildProcess(
            arguments: ["/bin/sh", "-c", script],
            folder: URL(filePath: "/"),
            variables: ["AZU_TEST_VALUE": "a b"],
            input: Data(input.utf8),
            keepsOutput: true
        )
        return try await child.run(limit: limit)
    }

    @Test func itsInputFolderAndVariablesAreThere() async throws {
        let (ending, output) = try await run("cat; pwd; echo \"$AZU_TEST_VALUE\"", input: "read this\n")
        #expect(ending == .exit(0))
        #expect(output == "read this\n/\na b\n")
    }

    @Test(arguments: [0, 1, 7, 126]) func itsExitCodeIsKnown(code: Int32) async throws {
        #expect(try await run("exit \(code)", input: "nobody reads this").ending == .exit(code))
    }

    @Test func aSignalIsKnown() async throws { #expect(try await run("kill -9 $$").ending == .signal(9)) }

    @Test func atTheEndOfItsTimeItIsKilledWithWhatItHasStarted() async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "azu-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: file) }
        let path = file.path(percentEncoded: false)
        let start = ContinuousClock.now
        let (ending, _) = try await run(
            "trap '' TERM; sleep 600 & echo $! > '\(path)'; sleep 600",
            limit: .milliseconds(800)
        )
        #expect(ending == .timeLimit)
        #expect(start.duration(to: .now) < .seconds(300))
        let number = try #require(Int32(String(contentsOf: file, encoding: .utf8).trimmingCharacters(in: .newlines)))
        // The signal takes a moment, and so does whoever adopted the process.
        for _ in 0..<2_000 where isAlive(number) { usleep(5_000) }
        #expect(!isAlive(number))
    }

    private func isAlive(_ number: Int32) -> Bool {
        let state = try? String(contentsOfFile: "/proc/\(number)/stat", encoding: .utf8)
        return kill(number, 0) == 0 && state?.contains(") Z ") != true
    }

    @Test func aProgramThatIsNotThereIsAnError() async {
        let child = ChildProcess(arguments: ["/nowhere/at/all"], folder: URL(filePath: "/"), input: Data())
        await #expect(throws: (any Error).self) { try await child.run(limit: .seconds(60)) }
    }
}
