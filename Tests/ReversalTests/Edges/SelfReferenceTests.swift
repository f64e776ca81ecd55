import DataMigrations
import Database
import Foundation
import TestSupport
import Testing

/// New rows of a table that refers to itself go together, but for those that rows of others refer to.
@Suite(.serialized) struct SelfReferenceTests {
    struct Node: Model {
        var id: Int64
        var parentID: Int64?
        var name: String?

        init(_ id: Int64, under parent: Int64?) { (self.id, parentID, name) = (id, parent, "new") }
    }

    /// Inserts nodes, each list in a batch of its own.
    struct AddNodes: DataMigration {
        private var lists: [[Node]] = []

        init() {}
        init(_ lists: [Node]...) { self.lists = lists }

        func up(_ migration: MigrationContext) async throws {
            for (number, nodes) in lists.enumerated() {
                try await migration.step("list \(number)") { batch in try await batch.insert(nodes) }
            }
        }
    }

    static let actions = ["CASCADE", "SET NULL"]

    /// Makes the nodes 1 and 2.
    private func makeNodes(_ action: String, in connection: any DatabaseConnection) async throws {
        try await connection.execute(
            """
            CREATE TABLE nodes (id BIGINT NOT NULL PRIMARY KEY, parent_id BIGINT REFERENCES nodes (id)
            ON DELETE \(raw: action) DEFERRABLE INITIALLY DEFERRED, name TEXT)
            """
        )
        try await connection.execute("INSERT INTO nodes VALUES (1, NULL, 'old'), (2, 1, 'old')")
    }

    /// Adds 11, 12 and 13 below 10, in a chain and beside it.
    private var family: MigrationPlan.Entry {
        entry(AddNodes([Node(10, under: 2), Node(11, under: 10), Node(12, under: 11), Node(13, under: 10)]))
    }

    private func nodes(_ connection: any DatabaseConnection) async throws -> [String?] {
        try await connection.texts("SELECT id FROM nodes ORDER BY id").map { $0[0] }
    }

    private func conflicts(_ connection: any DatabaseConnection) async throws -> [UndoConflict] {
        try await connection.texts("SELECT original FROM data_migration_quarantine ORDER BY locator").map { row in
            try JSONDecoder().decode(UndoConflict.self, from: Data((row[0] ?? "").utf8))
        }
    }

    @Test(arguments: Store.all, actions)
    func rowsThatReferToEachOtherAreTakenBack(_ store: Store, _ action: String) async throws {
        try await store.with { connection in
            try await makeNodes(action, in: connection)
            let before = try await Snapshot(connection)
            let migration = entry(
                AddNodes(
                    // The last one refers to itself.
                    [
                        Node(10, under: 2), Node(11, under: 10), Node(12, under: 11), Node(13, under: 10),
                        Node(14, under: 14),
                    ],
                    [Node(15, under: 12), Node(16, under: 15)],
                    // Children before their parents.
                    [Node(17, under: 18), Node(18, under: 19), Node(19, under: 2)]
                )
            )
            _ = try await connection.runner().migrate(migration)
            #expect(try await connection.number("SELECT count(*) FROM nodes WHERE name = 'new'") == 10)

            #expect(try await connection.runner().rollbackPlan(of: migration).conflictCount == 0)
            let report = try await connection.runner().rollback(migration)
            #expect(report.conflicts == 0)
            #expect(report.counters.deleted == 10)
            try await connection.expectRolledBack(to: before)
        }
    }

    @Test(arguments: Store.all, actions)
    func aRowOfAnApplicationKeepsItsParents(_ store: Store, _ action: String) async throws {
        try await store.with { connection in
            try await makeNodes(action, in: connection)
            let migration = family
            _ = try await connection.runner().migrate(migration)
            try await connection.execute("INSERT INTO nodes VALUES (20, 12, 'application')")
            let report = try await connection.runner().rollback(migration, onConflict: .skip)
            #expect(report.status == .rolledBack)
            #expect(report.conflicts == 3)
            #expect(report.counters.deleted == 1)
            #expect(try await nodes(connection) == ["1", "2", "10", "11", "12", "20"])
            #expect(try await connection.texts("SELECT parent_id FROM nodes WHERE id = 20") == [["12"]])

            let conflicts = try await conflicts(connection)
            #expect(conflicts.map(\.key) == [#"{"id":10}"#, #"{"id":11}"#, #"{"id":12}"#])
            #expect(conflicts.allSatisfy { $0.reason.contains("rows of nodes refer to it") })
            #expect(conflicts.last?.now == #"{"id":12,"name":"new","parent_id":11}"#)
        }
    }

    @Test(arguments: Store.all, actions)
    func aRowThatWasChangedKeepsItsParents(_ store: Store, _ action: String) async throws {
        try await store.with { connection in
            try await makeNodes(action, in: connection)
            let migration = family
            _ = try await connection.runner().migrate(migration)
            try await connection.execute("UPDATE nodes SET name = 'application' WHERE id = 13")
            let report = try await connection.runner().rollback(migration, onConflict: .skip)
            #expect(report.conflicts == 2)
            #expect(try await nodes(connection) == ["1", "2", "10", "13"])
            let conflicts = try await conflicts(connection)
            #expect(
                conflicts.map(\.now) == [
                    #"{"id":10,"name":"new","parent_id":2}"#, #"{"id":13,"name":"application","parent_id":10}"#,
                ]
            )
        }
    }

    @Test(arguments: Store.all, actions)
    func allGoWhereThatIsForced(_ store: Store, _ action: String) async throws {
        try await store.with { connection in
            try await makeNodes(action, in: connection)
            let migration = family
            _ = try await connection.runner().migrate(migration)
            try await connection.execute("UPDATE nodes SET name = 'application' WHERE id = 13")
            try await connection.execute("INSERT INTO nodes VALUES (20, 12, 'application')")
            let report = try await connection.runner().rollback(migration, onConflict: .force)
            #expect(report.conflicts == 0)
            #expect(report.counters.deleted == 4)
            let left = try await connection.texts("SELECT id, parent_id FROM nodes WHERE id > 2")
            #expect(left == (action == "CASCADE" ? [] : [["20", nil]]))
        }
    }
}
