public import Database
public import Foundation

/// Opens `sqlite:path/to/file`, `sqlite:/absolute/path` and `sqlite::memory:`.
public struct SQLiteDriver: DatabaseDriver {
    /// How long a statement waits for a lock of another process, in seconds.
    public var busyTimeout: Double

    /// `sqlite`.
    public var schemes: [String] { ["sqlite"] }

    /// Makes a driver.
    public init(busyTimeout: Double = 2) { self.busyTimeout = busyTimeout }

    /// Opens a database file that exists, in WAL mode.
    ///
    /// - Throws: ``/Database/DatabaseError`` if there is no such file, or it is no database.
    public func connect(to url: DatabaseURL, root: URL) async throws -> any DatabaseConnection {
        guard let path = try path(of: url, root: root) else {
            return try await SQLiteConnection(path: nil, busyTimeout: busyTimeout)
        }
        guard FileManager.default.fileExists(atPath: path) else {
            throw DatabaseError(.cannotOpen, "there is no database \(path); azu db:create makes it")
        }
        return try await SQLiteConnection(path: path, busyTimeout: busyTimeout)
    }

    /// Creates an empty database file, and the folders on the way to it.
    ///
    /// - Throws: ``/Database/DatabaseError`` if the file can't be written.
    public func create(_ url: DatabaseURL, root: URL) async throws -> CreatedDatabase {
        guard let path = try path(of: url, root: root) else { return CreatedDatabase(name: ":memory:", isNew: false) }
        if FileManager.default.fileExists(atPath: path) { return CreatedDatabase(name: path, isNew: false) }
        do {
            try FileManager.default.createDirectory(
                at: URL(filePath: path).deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
        } catch {
            throw DatabaseError(.cannotOpen, "can't create the folder of \(path): \(error.localizedDescription)")
        }
        let connection = try await SQLiteConnection(path: path, busyTimeout: busyTimeout)
        await connection.close()
        return CreatedDatabase(name: path, isNew: true)
    }

    /// Removes a database file, and the log files beside it.
    ///
    /// - Throws: ``/Database/DatabaseError`` if the file can't be removed.
    public func drop(_ url: DatabaseURL, root: URL) async throws -> (name: String, wasThere: Bool) {
        guard let path = try path(of: url, root: root) else { return (":memory:", false) }
        guard FileManager.default.fileExists(atPath: path) else { return (path, false) }
        do {
            for suffix in ["-wal", "-shm", ""] where FileManager.default.fileExists(atPath: path + suffix) {
                try FileManager.default.removeItem(atPath: path + suffix)
            }
        } catch {
            throw DatabaseError(.cannotOpen, "can't remove \(path): \(error.localizedDescription)")
        }
        return (path, true)
    }

    /// The file's path, `nil` for a database in memory.
    private func path(of url: DatabaseURL, root: URL) throws -> String? {
        var location = Substring(url.location)
        if location == ":memory:" { return nil }
        if location.hasPrefix("//") { location = location.dropFirst(2) }
        guard !location.isEmpty else {
            throw DatabaseError(
                .cannotOpen,
                "the database URL names no file; it looks like sqlite:path/to/database.sqlite"
            )
        }
        let file = location.hasPrefix("/") ? URL(filePath: String(location)) : root.appending(path: location)
        return file.standardizedFileURL.path(percentEncoded: false)
    }
}
