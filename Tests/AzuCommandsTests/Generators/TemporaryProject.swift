import Foundation

@testable import AzuCommands

/// A folder for one test, with what the generators need of it.
struct TemporaryProject {
    let root = FileManager.default.temporaryDirectory.appending(
        path: "azu-\(UUID().uuidString)/shop",
        directoryHint: .isDirectory
    )

    /// Makes the folder, runs the test in it, and takes it away.
    static func with(_ body: (TemporaryProject) throws -> Void) throws {
        let project = TemporaryProject()
        try FileManager.default.createDirectory(at: project.root, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: project.root.deletingLastPathComponent()) }
        try body(project)
    }

    func writer(force: Bool = false) -> ProjectWriter { ProjectWriter(root: root, force: force) }

    func put(_ contents: String, at path: String) throws {
        _ = try writer(force: true).write([GeneratedFile(path: path, contents: contents)])
    }

    func text(_ path: String) throws -> String { try writer().read(path) }
}
