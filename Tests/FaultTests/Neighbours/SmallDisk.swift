import Foundation

/// A small file system in memory, which can be filled; only root may mount one.
struct SmallDisk {
    /// Whether mounting works here: not in every container does root have the right to.
    static let isThere: Bool = {
        guard geteuid() == 0, let mount = Command.find("mount"), let unmount = Command.find("umount") else {
            return false
        }
        let folder = FileManager.default.temporaryDirectory.appending(path: "azu-disk-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try Command.call(mount, SmallDisk.arguments(folder))
            try Command.call(unmount, [folder.path(percentEncoded: false)])
            return true
        } catch {
            return false
        }
    }()

    private static func arguments(_ folder: URL) -> [String] {
        ["-t", "tmpfs", "-o", "size=16m", "azu", folder.path(percentEncoded: false)]
    }

    let folder: URL
    private var ballast: URL { folder.appending(path: "ballast") }

    /// Works with a disk, which is gone in the end.
    static func with<T>(_ body: (_ disk: SmallDisk) async throws -> T) async throws -> T {
        let folder = FileManager.default.temporaryDirectory.appending(path: "azu-disk-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try await Command.run(Command.find("mount") ?? "mount", arguments(folder))
        let result: Result<T, any Error>
        do {
            result = .success(try await body(SmallDisk(folder: folder)))
        } catch {
            result = .failure(error)
        }
        // A server may have a file open that was removed.
        try await Command.run(Command.find("umount") ?? "umount", ["-l", folder.path(percentEncoded: false)])
        try FileManager.default.removeItem(at: folder)
        return try result.get()
    }

    /// Takes all room but so many bytes.
    func fill(leaving bytes: Int) throws {
        var info = statvfs()
        guard statvfs(folder.path(percentEncoded: false), &info) == 0 else { throw CocoaError(.fileReadUnknown) }
        let free = Int(info.f_bavail) * Int(info.f_frsize)
        try Data(count: max(0, free - bytes)).write(to: ballast)
    }

    /// Gives the room back.
    func makeRoom() throws { try FileManager.default.removeItem(at: ballast) }
}
