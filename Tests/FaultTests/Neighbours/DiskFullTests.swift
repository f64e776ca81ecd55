import DataMigrations
import Database
import Foundation
import TestSupport
import Testing

/// The disk is full in the midst of a run: it ends with a line that says so, and goes on once there is room.
@Suite(.serialized) struct DiskFullTests {
    /// How a file of SQLite's comes to have no room.
    enum Limit: String, CaseIterable {
        /// Its file system has none.
        case disk
        /// The file may not have more pages, `PRAGMA max_page_count`: a stand-in where nothing can be mounted.
        case pages
    }

    static let limits: [Limit] = SmallDisk.isThere ? Limit.allCases : [.pages]

    @Test(.timeLimit(.minutes(10)), arguments: limits) func aFileWithoutRoomCostsNoRow(_ limit: Limit) async throws {
        let work = Work.update(RandomKills.size)
        let clean = try await work.prepared(on: .sqlite) { address, folder in
            let connection = try await Store.sqlite.open(address)
            try await work.act(connection, folder)
            let outcome = try await work.outcome(connection)
            await connection.close()
            return outcome
        }
        switch limit {
        case .pages:
            try await work.prepared(on: .sqlite) { address, folder in
                let connection = try await Store.sqlite.open(address)
                let pages = try await connection.number("PRAGMA page_count")
                try await check(work, connection, folder, clean) {
                    _ = try await connection.query("PRAGMA max_page_count = \(raw: "\(pages + 25)")")
                } makeRoom: {
                    _ = try await connection.query("PRAGMA max_page_count = 1000000")
                }
                await connection.close()
            }
        case .disk:
            try await SmallDisk.with { disk in
                let path = disk.folder.appending(path: "full.sqlite").path(percentEncoded: false)
                let connection = try await Store.sqlite.open(path)
                try await work.prepare(.sqlite, connection, disk.folder)
                try await check(work, connection, disk.folder, clean) {
                    try disk.fill(leaving: 300_000)
                } makeRoom: {
                    try disk.makeRoom()
                }
                await connection.close()
            }
        }
    }

    private func check(
        _ work: Work,
        _ connection: any DatabaseConnection,
        _ folder: URL,
        _ clean: Work.Outcome,
        fill: () async throws -> Void,
        makeRoom: () async throws -> Void
    ) async throws {
        try await fill()
        let error = await #expect(throws: MigrationError.self) { try await work.act(connection, folder) }
        expectDisk(error)
        // What is committed is whole: rows, what was noted of them, and the ledger.
        let changed = try await connection.number("SELECT count(*) FROM users WHERE slug <> 'kept'")
        #expect(changed < RandomKills.size.rows * 9 / 10)
        #expect(try await connection.number("SELECT count(*) FROM writes") == changed)
        let told: SQL = "SELECT coalesce(sum(changed), 0) FROM data_migration_slices"
        #expect(try await connection.number(told) == changed)

        try await makeRoom()
        try await work.resume(connection, folder)
        let outcome = try await work.outcome(connection)
        let lost = Work.Outcome.difference(clean.lines, outcome.lines)
        let doubled = Work.Outcome.difference(outcome.lines, clean.lines)
        #expect(lost.isEmpty && doubled.isEmpty)
        #expect(outcome.ledger == clean.ledger)
        FaultTally.shared.record("disk full", on: "SQLite", lost: lost.count, doubled: doubled.count, repeated: 1)
    }

    private func expectDisk(_ error: MigrationError?) {
        let text = error?.description ?? ""
        #expect(text.contains("disk") || text.contains("No space left on device"), "\(text)")
        #expect(!text.contains("\n"))
    }

    @Test(
        .enabled(if: PostgresServer.isThere),
        .enabled(if: SmallDisk.isThere, "a full disk of a server takes root, who may mount one"),
        .enabled("the server is on another machine, or in another container") {
            try await DiskFullTests.serverOwner() != nil
        },
        .timeLimit(.minutes(10))
    )
    func aTablespaceWithoutRoomCostsNoRow() async throws {
        let server = try #require(PostgresServer.given)
        let owner = try #require(try await Self.serverOwner())
        try await SmallDisk.with { disk in
            let space = disk.folder.appending(path: "space").path(percentEncoded: false)
            try FileManager.default.createDirectory(atPath: space, withIntermediateDirectories: true)
            try #require(chown(space, owner, gid_t.max) == 0)
            let name = "azu_" + UUID().uuidString.prefix(8).lowercased()
            let admin = try Application(server, schema: "public")
            try admin.run("CREATE TABLESPACE \(name) LOCATION '\(space)'")
            let result: Result<Void, any Error>
            do {
                result = .success(try await fillTablespace(name, disk))
            } catch {
                result = .failure(error)
            }
            try admin.run("DROP TABLESPACE \(name)")
            try result.get()
        }
    }

    private func fillTablespace(_ name: String, _ disk: SmallDisk) async throws {
        // What earlier versions of rows take is not to be given back meanwhile.
        let storage = "WITH (autovacuum_enabled = false) TABLESPACE \(name)"
        try await SharedTable.with(storage: storage) { table, connection in
            // Whole pages of the server's.
            try disk.fill(leaving: 24 * 8_192)
            let error = await #expect(throws: MigrationError.self) { try await table.migrate() }
            expectDisk(error)
            let changed = try await connection.number("SELECT count(*) FROM users WHERE slug IS NOT NULL")
            #expect(changed < SharedTable.rows)
            #expect(try await connection.number("SELECT count(*) FROM writes") == changed)
            #expect(try await connection.number("SELECT sum(changed) FROM data_migration_slices") == changed)

            try disk.makeRoom()
            let report = try await table.migrate()
            #expect(report?.status == .succeeded)
            try await table.check("disk full", touched: 0, repeated: 1, connection)
        }
    }

    /// The user that the server runs as; `nil` if its files are not to be found here.
    static func serverOwner() async throws -> uid_t? {
        guard let server = PostgresServer.given else { return nil }
        let connection = try await server.connect([])
        let folder = try await connection.query("SHOW data_directory").first?[0].text
        await connection.close()
        var info = stat()
        guard let folder, stat(folder, &info) == 0 else { return nil }
        return info.st_uid
    }
}
