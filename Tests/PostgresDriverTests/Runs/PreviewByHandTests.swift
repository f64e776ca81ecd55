import DataMigrations
import Database
import Testing

/// Migrations by hand, which make and alter tables, and have transactions of their own; also behind a pooler.
@Suite(.enabled(if: TestServer.isThere), .serialized)
struct PreviewByHandTests {
    /// The same user, as a migration that makes the slug a number sees it.
    struct Numbered: Model {
        static let table = "users"
        var id: Int64
        var slug: Int64?
    }

    struct Role: Model {
        var id: Int64?
        var name: String
    }

    /// Makes a table, alters another one, and writes to both.
    private static let roles = ByHand { migration in
        try await migration.step("make") { batch in
            try await batch.execute(
                "CREATE TABLE roles (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL)"
            )
            try await batch.execute("ALTER TABLE users ALTER COLUMN slug TYPE bigint USING 1")
        }
        try await migration.step("fill") { batch in
            try await batch.insert((1...150).map { Role(name: "role \($0)") })
            try await batch.update([Numbered(id: 1, slug: 5)])
        }
        try await migration.inBatches(Numbered.where("slug = 1"), step: "users") { users, batch in
            try await batch.update(users.map { Numbered(id: $0.id, slug: 7) }, columns: ["slug"])
        }
    }

    private func expectNothing(of migration: ByHand, in connection: any DatabaseConnection) async throws -> Preview {
        let preview = try await connection.preview(migration)
        #expect(preview.failure == nil, "\(preview.failure ?? "")")
        return preview
    }

    @Test func tablesThatAreMadeAndAlteredAreLeftAsTheyWere() async throws {
        try await TestServer.withConnection { connection in
            try await makeUsers(100, in: connection)
            try await connection.execute("DROP TRIGGER counts ON users")
            let preview = try await expectNothing(of: Self.roles, in: connection)
            #expect(preview.batches == 3)
            #expect(preview.counters.inserted == 150)
            #expect(preview.counters.changed == 100)
            #expect(preview.locks.contains("users: AccessExclusiveLock"))
            // The session knows the tables as they are again.
            let report = try await Runner(connection).migrate(entry(BackfillSlugs()))
            #expect(report?.status == .succeeded)
            #expect(report?.counters.changed == 100)
        }
    }

    @Test func whatItSaysIsWhatARunDoes() async throws {
        try await TestServer.withConnection { connection in
            try await makeUsers(100, in: connection)
            try await connection.execute("DROP TRIGGER counts ON users")
            let preview = try await expectNothing(of: Self.roles, in: connection)
            let report = try await Runner(connection).migrate(entry(Self.roles))
            #expect(report?.status == .succeeded)
            #expect(report?.counters == preview.counters)
        }
    }

    @Test func transactionsOfItsOwnRunAsEverAndLeaveNothing() async throws {
        try await TestServer.withConnection { connection in
            try await makeUsers(10, in: connection)
            let migration = ByHand { migration in
                let own = migration.connection
                try await own.run([.begin, .execute("UPDATE users SET slug = 'a' WHERE id = 1"), .commit])
                try await own.run([.begin, .execute("UPDATE users SET slug = 'b' WHERE id = 2"), .rollback])
                try await own.execute("BEGIN")
                try await own.execute("UPDATE users SET slug = 'c' WHERE id = 3")
                try await own.execute("COMMIT")
                // An error that is caught does not spoil what comes behind it.
                await #expect(throws: DatabaseError.self) { try await own.execute("UPDATE nowhere SET slug = 'd'") }
                await #expect(throws: DatabaseError.self) {
                    try await own.transaction {
                        try await own.execute("UPDATE users SET slug = 'e' WHERE id = 4")
                        try await own.execute("UPDATE nowhere SET slug = 'e'")
                    }
                }
                await #expect(throws: DatabaseError.self) {
                    try await migration.step("bad") { try await $0.execute("UPDATE nowhere SET slug = 'f'") }
                }
                try await own.execute("UPDATE users SET slug = 'g' WHERE id = 5")
                let slugs = try await migration.texts("SELECT slug FROM users WHERE slug IS NOT NULL ORDER BY id")
                #expect(slugs == [["a"], ["c"], ["g"]])
            }
            _ = try await expectNothing(of: migration, in: connection)
        }
    }

    @Test func aTransactionThatFailsAtItsEndIsNotFollowedByCommits() async throws {
        try await TestServer.withConnection { connection in
            try await makeUsers(10, in: connection)
            try await connection.execute(
                "CREATE TABLE pets (id bigint PRIMARY KEY, owner bigint REFERENCES users DEFERRABLE INITIALLY DEFERRED)"
            )
            let migration = ByHand { migration in
                let own = migration.connection
                await #expect(throws: DatabaseError.self) {
                    try await own.transaction {
                        try await own.execute("INSERT INTO pets VALUES (1, 99)")
                        try await own.execute("INSERT INTO pets VALUES (2, 1)")
                    }
                }
                await #expect(throws: DatabaseError.self) { try await own.execute("INSERT INTO pets VALUES (3, 99)") }
                try await own.execute("INSERT INTO pets VALUES (4, 1)")
                try await own.execute("ROLLBACK")
                try await own.execute("INSERT INTO pets VALUES (5, 1)")
            }
            _ = try await expectNothing(of: migration, in: connection)
        }
    }

    @Test func anUpThatThrowsLeavesNothing() async throws {
        struct Bad: Error, CustomStringConvertible {
            var description: String { "it is bad" }
        }
        try await TestServer.withConnection { connection in
            try await makeUsers(10, in: connection)
            let migration = ByHand { migration in
                try await migration.execute("TRUNCATE users")
                throw Bad()
            }
            let preview = try await connection.preview(migration)
            #expect(preview.failure == "it is bad")
            #expect(!preview.hasWork)
        }
    }

    @Test func aPlanOfARollbackLeavesNothing() async throws {
        struct Mark: DataMigration {
            func up(_ migration: MigrationContext) async throws {
                try await migration.step("mark") { try await $0.execute("UPDATE users SET slug = 'marked'") }
            }
            func down(_ migration: MigrationContext) async throws {
                try await migration.connection.execute("ALTER TABLE users DROP COLUMN slug")
                try await migration.step("more") { try await $0.execute("DELETE FROM users") }
            }
        }
        try await TestServer.withConnection { connection in
            try await makeUsers(10, in: connection)
            _ = try await Runner(connection).migrate(entry(Mark()))
            let before = try await connection.wholeSchema()
            #expect(try await Runner(connection).rollbackPlan(of: entry(Mark())).usesDown)
            #expect(try await connection.wholeSchema() == before)
        }
    }
}

/// The same behind a pooler, which lends a session to one transaction at a time.
@Suite(.enabled(if: TestServer.pooledURL != nil), .serialized)
struct PooledPreviewTests {
    @Test func rowsThatChangeAreTriedAndLeft() async throws {
        try await TestServer.withConnection(isPooled: true) { connection in
            try await makeUsers(3_000, in: connection)
            let preview = try await connection.preview(BackfillSlugs(), sample: 100)
            #expect(preview.failure == nil)
            #expect(preview.counters.changed == 500)
            #expect(preview.triggers == ["users: counts"])
            #expect(preview.statements.contains { $0.sql.hasPrefix(#"UPDATE "users" AS t SET "slug" = v.c"#) })
            #expect(preview.sources[0].plan.isEmpty == false)
            #expect(try await Runner(connection).migrate(entry(BackfillSlugs()))?.counters.changed == 3_000)
        }
    }

    @Test func rowsThatAreCopiedAreTriedAndLeft() async throws {
        try await TestServer.withConnection(isPooled: true) { connection in
            try await makeUsers(300, in: connection)
            try await connection.execute("CREATE TABLE copies (user_id bigint PRIMARY KEY)")
            let preview = try await connection.preview(CopyUsers())
            #expect(preview.failure == nil)
            #expect(preview.counters.inserted == 300)
            #expect(preview.statements.contains { $0.sql.hasPrefix(#"COPY "copies" ("user_id")"#) })
        }
    }

    @Test func aMigrationByHandIsTriedAndLeft() async throws {
        try await TestServer.withConnection(isPooled: true) { connection in
            try await makeUsers(10, in: connection)
            let migration = ByHand { migration in
                try await migration.connection.execute("CREATE TABLE roles (id bigint PRIMARY KEY)")
                try await migration.step("fill") { batch in
                    try await batch.execute("INSERT INTO roles SELECT id FROM users")
                }
                let roles = try await migration.number("SELECT count(*) FROM roles")
                #expect(roles == 10)
            }
            let preview = try await connection.preview(migration)
            #expect(preview.failure == nil)
            #expect(preview.counters.inserted == 10)
        }
    }
}
