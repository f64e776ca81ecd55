import Foundation

/// A PostgreSQL of a test's own, made by `script/postgres`, which the test may restart.
struct OwnServer: Sendable {
    /// How it ends before it starts again.
    enum Mode: String, CaseIterable, Sendable {
        /// Its sessions are told, and what they have begun is rolled back.
        case fast
        /// As a crash does it.
        case immediate
    }

    let server: PostgresServer
    private let folder: String

    /// Works with a server, which is gone in the end.
    static func with<T>(_ body: (_ own: OwnServer) async throws -> T) async throws -> T {
        let place = FileManager.default.temporaryDirectory.appending(path: "azu-postgres-\(UUID().uuidString)")
        let folder = place.path(percentEncoded: false)
        let result: Result<T, any Error>
        do {
            let printed = try await script("start", folder)
            let url = try address(in: printed)
            result = .success(try await body(OwnServer(server: PostgresServer(url: url), folder: folder)))
        } catch {
            result = .failure(error)
        }
        _ = try? await script("stop", folder)
        return try result.get()
    }

    /// Stops it and starts it again on the same port; returns once it is up.
    func restart(_ mode: Mode) async throws { _ = try await Self.script("restart", folder, mode.rawValue) }

    /// The URL that `start` has printed: `export AZU_TEST_POSTGRES_URL=…`.
    private static func address(in printed: String) throws -> String {
        let start = "export AZU_TEST_POSTGRES_URL="
        guard let line = printed.split(separator: "\n").first(where: { $0.hasPrefix(start) }) else {
            throw Failed(description: "script/postgres says nowhere where its server is: \(printed)")
        }
        return line.dropFirst(start.count).trimmingCharacters(in: CharacterSet(charactersIn: "'\""))
    }

    /// Calls `script/postgres` on a thread that may wait.
    ///
    /// - Returns: what it says.
    private static func script(_ arguments: String...) async throws -> String {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(with: Result { try call(arguments) }) }
        }
    }

    private static func call(_ arguments: [String]) throws -> String {
        let process = Process()
        // No pipe: the servers would inherit it, and its end never come.
        let file = FileManager.default.temporaryDirectory.appending(path: "azu-\(UUID().uuidString)")
        try Data().write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let output = try FileHandle(forWritingTo: file)
        process.executableURL = root.appending(path: "script/postgres")
        process.arguments = arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        try process.run()
        process.waitUntilExit()
        let printed = try Data(contentsOf: file)
        guard process.terminationStatus == 0 else {
            throw Failed(description: "script/postgres \(arguments[0]) ended with \(process.terminationStatus)")
        }
        return String(decoding: printed, as: UTF8.self)
    }

    /// The folder of the package.
    private static var root: URL {
        var folder = URL(filePath: #filePath)
        for _ in 1...4 { folder.deleteLastPathComponent() }
        return folder
    }

    private struct Failed: Error, CustomStringConvertible {
        let description: String
    }
}
