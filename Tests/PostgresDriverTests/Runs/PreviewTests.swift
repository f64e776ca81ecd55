import DataMigrations
import Database
import Testing

/// Previews of whole migrations: what they tell, and that nothing is left.
@Suite(.enabled(if: TestServer.isThere), .serialized)
struct PreviewTests {
    @Test func aRowMigrationTellsWhatARunDoesAndWhatItCosts() async throws {
        try await TestServer.withConnection { connection in
            try await makeUsers(300, in: connection)
            let preview = try await connection.preview(BackfillSlugs(), shownRows: 20)
            #expect(preview.failure == nil)
            #expect(preview.hasWork)
            #expect(preview.locks == ["users: RowExclusiveLock", "users: RowShareLock"])
            #expect(preview.triggers == ["users: counts"])
            #expect((preview.bytesPerRow ?? 0) > 0)
            #expect(preview.seconds != nil)
            #expect(preview.sources[0].rows == 300)
            #expect(!preview.sources[0].plan.isEmpty)
            #expect(preview.notes.isEmpty)
            let update = try #require(preview.statements.first { $0.sql.hasPrefix("UPDATE") }?.sql)
            #expect(update.hasPrefix(#"UPDATE "users" AS t SET "slug" = v.c"#))
            #expect(update.contains("unnest($1::"))
            #expect(preview.statements.allSatisfy { !$0.sql.contains("azu_preview") && !$0.sql.contains("pg_locks") })
            #expect(Set(preview.rows.map(\.key)).count == 20)

            let report = try await Runner(connection).migrate(entry(BackfillSlugs()))
            #expect(report?.counters == preview.counters)
            for row in preview.rows {
                let slug = try await connection.texts(
                    "SELECT slug FROM users WHERE id = CAST(CAST(\(row.key) AS json) ->> 'id' AS bigint)"
                )
                #expect(slug == [[row.fields[0].after]])
                #expect(row.fields.map(\.column) == ["slug"])
                #expect(row.fields[0].before == nil)
            }
        }
    }

    @Test func samplesOfALargeTableLeaveNothing() async throws {
        try await TestServer.withConnection { connection in
            try await makeUsers(5_000, in: connection)
            let preview = try await connection.preview(BackfillSlugs(), sample: 100)
            #expect(preview.batches == 5)
            #expect(preview.counters.changed == 500)
            #expect(preview.sources[0].rows == 5_000)
            #expect(try await connection.wholeSchema().keys.sorted() == ["catalog", "users"])
        }
    }

    @Test func theRowsOfALargeTableAreEstimatedUnlessTheyAreToBeCounted() async throws {
        struct Some: RowMigration {
            var rows: Query<User> { User.where("id > \(5) AND name <> \("nobody")") }
            func transform(_ user: inout User) { user.slug = "x" }
        }
        try await TestServer.withConnection { connection in
            try await makeUsers(150_000, in: connection)
            try await connection.execute("ANALYZE users")
            let options = PreviewOptions(sample: 50)
            let source = try await Runner(connection).preview(entry(Some()), options).sources[0]
            #expect(!source.isExact)
            #expect((100_000...200_000).contains(source.rows ?? 0))
            #expect(source.query?.contains("$4") == true)
            #expect(source.plan.contains { $0.contains("users_pkey") }, "\(source.plan)")
            #expect(source.warnings.isEmpty)
            let exact = PreviewOptions(sample: 50, isExact: true)
            let counted = try await Runner(connection).preview(entry(Some()), exact).sources[0]
            #expect(counted.rows == 149_995)
            #expect(counted.isExact)
        }
    }

    @Test(arguments: [50, 500]) func insertsAreToldAsCOPY(rows: Int) async throws {
        try await TestServer.withConnection { connection in
            try await makeUsers(rows, in: connection)
            try await connection.execute("CREATE TABLE copies (user_id bigint PRIMARY KEY)")
            let preview = try await connection.preview(CopyUsers())
            #expect(preview.counters.inserted == rows)
            #expect(preview.locks.contains("copies: RowExclusiveLock"))
            let copy = #"COPY "copies" ("user_id") FROM STDIN (FORMAT binary)"#
            #expect(preview.statements.contains { $0.sql == copy })
            #expect(preview.notes == ["numbers that sequences gave out for the samples are not given out again"])
            #expect(try await Runner(connection).migrate(entry(CopyUsers()))?.counters == preview.counters)
        }
    }

    @Test func numbersOfSequencesAreAllThatIsGone() async throws {
        try await TestServer.withConnection { connection in
            let statements: [SQL] = [
                "CREATE TABLE sources (id bigint PRIMARY KEY, name text NOT NULL)",
                "INSERT INTO sources SELECT i, 'name ' || i FROM generate_series(1, 200) AS i",
                "CREATE TABLE targets (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL)",
                "CREATE TABLE pairs (source_id bigint PRIMARY KEY, target_id bigint NOT NULL)",
            ]
            for statement in statements { try await connection.execute(statement) }
            let preview = try await connection.preview(TableKindTests.Copy(), shownRows: 1_000)
            #expect(preview.counters.inserted == 400)
            #expect(preview.rows.count == 400)
            #expect(preview.statements.contains { $0.sql.hasPrefix(#"COPY "targets" ("name", "id") FROM STDIN"#) })
            #expect(preview.notes.contains { $0.contains("sequences") })
            let report = try await Runner(connection).migrate(entry(TableKindTests.Copy()))
            #expect(report?.counters == preview.counters)
            #expect(try await connection.number("SELECT min(id) FROM targets") > 200)
        }
    }

    @Test func badRowsAreFoundAndListed() async throws {
        try await TestServer.withConnection { connection in
            try await makeUsers(900, in: connection)
            let statements: [SQL] = [
                """
                CREATE TABLE slugs (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, user_id bigint NOT NULL UNIQUE,
                text text NOT NULL CHECK (text <> 'User 600'))
                """,
                "INSERT INTO slugs (user_id, text) VALUES (30, 'there'), (603, 'there')",
            ]
            for statement in statements { try await connection.execute(statement) }
            let preview = try await connection.preview(PooledTests.MoveSlugs())
            #expect(preview.failure == nil)
            #expect(preview.quarantined.map(\.locator).sorted() == ["[30]", "[600]", "[603]"])
            #expect(preview.counters.deleted == 297)
            let report = try await Runner(connection).migrate(entry(PooledTests.MoveSlugs()))
            #expect(report?.counters == preview.counters)
        }
    }

    @Test func aDeferredForeignKeyIsMet() async throws {
        struct Pet: Model {
            var id: Int64
            var owner: Int64
        }
        struct Adopt: BatchMigration {
            var rows: Query<User> { User.all }
            func process(_ users: [User], _ batch: Batch) async throws {
                try await batch.insert(users.map { Pet(id: $0.id, owner: $0.id == 7 ? 1_000 : $0.id) })
            }
        }
        try await TestServer.withConnection { connection in
            try await makeUsers(150, in: connection)
            try await connection.execute(
                "CREATE TABLE pets (id bigint PRIMARY KEY, owner bigint REFERENCES users DEFERRABLE INITIALLY DEFERRED)"
            )
            let preview = try await connection.preview(Adopt())
            #expect(preview.failure == nil)
            #expect(preview.quarantined.map(\.locator) == ["[7]"])
            #expect(preview.counters.inserted == 149)
        }
    }

    @Test func aTableWithoutAKeyIsReadAndLeft() async throws {
        try await TestServer.withConnection { connection in
            try await connection.execute("CREATE TABLE lines (text text NOT NULL, done text)")
            try await connection.execute("INSERT INTO lines SELECT 'old ' || i FROM generate_series(1, 600) AS i")
            let preview = try await connection.preview(NoKeyTests.Finish(), sample: 200)
            #expect(preview.failure == nil)
            #expect(preview.counters.visited == 600)
            #expect(preview.counters.changed == 600)
            #expect(preview.notes.contains("lines has no primary key, so it is read block by block"))
            #expect(preview.notes.contains { $0.contains("UPDATE lines, which has no key") })
        }
    }

    @Test func theIndexThatIsAdvisedHelps() async throws {
        try await TestServer.withConnection { connection in
            try await makeUsers(20_000, in: connection)
            try await connection.execute("UPDATE users SET slug = 'there' WHERE id % 400 <> 0")
            try await connection.execute("ANALYZE users")
            let options = PreviewOptions(sample: 10)
            let warnings = try await Runner(connection).preview(entry(BackfillSlugs()), options).sources[0].warnings
            let warning = try #require(warnings.first)
            #expect(warnings.count == 1)
            let index = #"CREATE INDEX "users_azu" ON "users" ("id") WHERE (slug IS NULL)"#
            #expect(warning.hasSuffix("; \(index) would help"), "\(warning)")
            try await connection.execute("\(raw: index)")
            try await connection.execute("ANALYZE users")
            let source = try await Runner(connection).preview(entry(BackfillSlugs()), options).sources[0]
            #expect(source.warnings.isEmpty, "\(source.plan)")
            #expect(source.plan.contains { $0.contains("users_azu") })
        }
    }
}
