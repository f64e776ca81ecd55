import Configuration
import Foundation

@testable import AzuCommands

/// A project's folder with files of settings, gone at the end of a test.
final class SettingsFolder {
    let url = FileManager.default.temporaryDirectory.appending(
        path: "azu-settings-\(UUID().uuidString)",
        directoryHint: .isDirectory
    )

    init(_ files: [String: String] = [:]) throws {
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        for (name, text) in files { try write(text, to: name) }
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func write(_ text: String, to name: String) throws { try Data(text.utf8).write(to: url.appending(path: name)) }

    func settings(
        env: String? = nil,
        process: [String: String] = [:],
        flags: [(Setting, ConfigContent)] = []
    ) throws -> Settings {
        try Settings(root: url, environment: env, process: process, flags: flags)
    }
}

/// What a command fails with, in one line; `nil` if it does not.
func failure(_ body: () throws -> Void) -> String? {
    do {
        try body()
        return nil
    } catch {
        return (error as? CommandFailure)?.message ?? "another error: \(error)"
    }
}
