import Database
import Foundation
import TestSupport

extension Work {
    /// Works with a database, and a folder, in which everything is ready; both are gone in the end.
    func prepared<T>(
        on store: Store,
        _ body: (_ address: String, _ folder: URL) async throws -> T
    ) async throws -> T {
        try await store.withAddress { address in
            let folder = FileManager.default.temporaryDirectory.appending(path: "azu-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            let connection = try await store.open(address)
            try await prepare(store, connection, folder)
            await connection.close()
            return try await body(address, folder)
        }
    }
}
