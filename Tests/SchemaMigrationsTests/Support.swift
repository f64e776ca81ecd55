import Database
import SchemaMigrations
import Synchronization
import TestSupport

extension SchemaMigration {
    /// A file of `db/migrations`.
    init(_ number: Int, _ name: String = "change", _ text: String) throws {
        try self.init(Array(text.utf8), path: "db/migrations/\(20_240_101_000_000 + number)_\(name).sql")
    }
}

/// What a migrator told.
final class Told: Sendable {
    private let events = Mutex<[SchemaEvent]>([])

    func add(_ event: SchemaEvent) { events.withLock { $0.append(event) } }

    var retries: [String] {
        events.withLock { $0 }.compactMap { if case .retrying(let reason, _, _) = $0 { reason } else { nil } }
    }

    var waits: [String] {
        events.withLock { $0 }.compactMap { if case .waiting(let reason) = $0 { reason } else { nil } }
    }
}

extension SchemaMigrator {
    /// One that requires nothing.
    init(_ connection: any DatabaseConnection, patience: Duration = .zero, told: Told = Told(), attempts: Int = 10) {
        self.init(
            connection,
            patience: patience,
            attempts: attempts,
            observer: { told.add($0) },
            requirement: { _ in }
        )
    }
}

extension DatabaseConnection {
    /// The versions that are applied, without what all of them begin with.
    func versions() async throws -> [Int] {
        try await texts("SELECT version FROM schema_migrations ORDER BY version")
            .compactMap { $0[0].flatMap { Int($0) }.map { $0 - 20_240_101_000_000 } }
    }

    func has(_ table: String) async throws -> Bool { try await schema(of: table) != nil }
}
