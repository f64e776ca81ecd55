// Import remote users
//
// Purpose: reads the users of a service, page by page, into the table users
// Created: 2024-01-01
// Run:     USERS_URL=http://127.0.0.1:8080/users azu db:data:run import_remote_users

import DataMigrations
import Foundation

struct ImportRemoteUsers: BatchMigration {
    struct User: Model {
        var remoteID: Int64
        var name: String
        var email: String
    }

    var options: MigrationOptions { MigrationOptions(batchSize: .fixed(500)) }

    var rows: RemoteUsers {
        RemoteUsers(url: ProcessInfo.processInfo.environment["USERS_URL"] ?? "http://127.0.0.1:8080/users")
    }

    func process(_ users: [RemoteUser], _ batch: Batch) async throws {
        try await batch.insert(users.map { User(remoteID: $0.id, name: $0.name, email: $0.email) })
    }
}
