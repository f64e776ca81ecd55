import DataMigrations
import Database
import TestSupport
import Testing

/// What is hard about taking things back.
@Suite(.serialized) struct HardCornerTests {
    struct Node: Model {
        var id: Int64
        var parentID: Int64?
    }

    struct DeleteNodes: BatchMigration {
        var rows: Query<Node> { Node.where("id > 1") }
        func process(_ nodes: [Node], _ batch: Batch) async throws { try await batch.delete(nodes) }
    }

    @Test(arguments: Store.all, ["SET NULL", "CASCADE"])
    func rowsThatReferToOthersOfTheirTableComeBack(_ store: Store, _ action: String) async throws {
        try await store.with { connection in
            try await connection.execute(
                """
                CREATE TABLE nodes (id BIGINT NOT NULL PRIMARY KEY,
                parent_id BIGINT REFERENCES nodes (id) ON DELETE \(raw: action))
                """
            )
            try await connection.execute(
                "INSERT INTO nodes VALUES (1, NULL), (2, 1), (3, 2), (4, 3), (5, 1), (6, 5), (7, NULL)"
            )
            let before = try await Snapshot(connection)
            let migration = entry(DeleteNodes())
            _ = try await connection.runner().migrate(migration)
            _ = try await connection.runner().rollback(migration)
            try await connection.expectRolledBack(to: before)
        }
    }

    @Test(arguments: Store.all)
    func aPlanForeseesWhatAnApplicationWroteBetweenTwoWritesOfARun(_ store: Store) async throws {
        try await store.with { connection in
            try await Accounts.make(50, in: connection)
            let migration = entry(Accounts.Mark())
            _ = try await connection.runner(stoppingAfter: 3).migrate(migration)
            try await connection.execute("UPDATE accounts SET mark = NULL WHERE id <= 5")
            _ = try await connection.runner().migrate(migration)
            let migrated = try await Snapshot(connection)
            await withKnownIssue("only the last write of a row is compared with what is there", isIntermittent: true) {
                let plan = try await connection.runner().rollbackPlan(of: migration)
                #expect(plan.conflictCount == 5)
                await #expect(throws: MigrationError.self) { try await connection.runner().rollback(migration) }
                // `stop` writes nothing if there is any conflict.
                #expect(try await Snapshot(connection).difference(from: migrated) == nil)
            }
        }
    }

    @Test(arguments: Store.all)
    func rowsOfAnApplicationAreNotDeletedAlongWithThoseOfAMigration(_ store: Store) async throws {
        try await store.with { connection in
            try await Accounts.make(8, in: connection)
            try await connection.execute(
                "CREATE TABLE likes (copy_id BIGINT NOT NULL REFERENCES copies (id) ON DELETE CASCADE)"
            )
            let migration = entry(Accounts.Mix())
            _ = try await connection.runner().migrate(migration)
            try await connection.execute("INSERT INTO likes SELECT id FROM copies")
            _ = try await connection.runner().rollback(migration, onConflict: .skip)
            #expect(try await connection.number("SELECT count(*) FROM likes") == 2)
        }
    }

    @Test func rowsWithoutAKeyAreFoundAfterSQLiteHasNumberedThemAnew() async throws {
        try await Store.sqlite.with { connection in
            try await connection.execute("CREATE TABLE lines (text TEXT NOT NULL, done TEXT)")
            try await connection.execute("INSERT INTO lines (text) VALUES ('a'), ('b'), ('c'), ('d')")
            try await connection.execute("UPDATE lines SET done = text || ' was here' WHERE text <> 'd'")
            try await connection.execute("DELETE FROM lines WHERE text = 'a'")
            let migration = entry(Clear())
            _ = try await connection.runner().migrate(migration)
            try await connection.execute("VACUUM")
            _ = try? await connection.runner().rollback(migration, onConflict: .skip)
            // The old values of other rows are worse than none.
            let wrong = try await connection.number(
                "SELECT count(*) FROM lines WHERE done <> '' AND done <> text || ' was here'"
            )
            #expect(wrong == 0)
        }
    }

    /// Leaves the same in all rows.
    struct Clear: RowMigration {
        var rows: Query<NoKeyTests.Line> { NoKeyTests.Line.where("done IS NULL OR done <> ''") }
        func transform(_ line: inout NoKeyTests.Line) { line.done = "" }
    }

    @Test(arguments: Store.all) func aPlanSaysThatAMigrationHasADownOfItsOwn(_ store: Store) async throws {
        try await store.with { connection in
            try await Accounts.make(8, in: connection)
            let migration = entry(OwnDownTests.Own())
            _ = try await connection.runner().migrate(migration)
            #expect(try await connection.runner().rollbackPlan(of: migration).usesDown)
        }
    }
}
