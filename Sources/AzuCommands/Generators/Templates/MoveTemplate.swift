/// `migrate_posts_to_articles`: copies rows into another table.
struct MoveTemplate: MigrationTemplate {
    var type: String
    var old: GuessedTable
    var new: GuessedTable

    private var key: String { "legacy_\(old.singular)_id" }
    private var keyProperty: String { SwiftName.property(key) }

    var purpose: String { "copies the rows of the table \(old.name) into the table \(new.name)" }

    var migration: String {
        #"""
        struct \#(type): BatchMigration {
            /// \#(Self.modelComment)
            /// It names the columns that are copied.
            struct \#(old.model): Model {
                static let table = "\#(old.name)"

                var id: Int64
                var name: String
            }

            /// The new row. `\#(key)` says which row it was made of, and needs a unique index.
            struct \#(new.model): Model {
                static let table = "\#(new.name)"

                var \#(keyProperty): Int64
                var name: String
            }

            var rows: Query<\#(old.model)> { \#(old.model).all }

            /// Copies one batch, in one transaction. Rows that were copied before are skipped. What belongs to the rows is
            /// best read here, once for the whole batch, with `batch.fetch`.
            func process(_ \#(old.many): [\#(old.model)], _ batch: Batch) async throws {
                try await batch.insert(
                    \#(old.many).map { \#(new.model)(\#(keyProperty): $0.id, name: $0.name) },
                    onConflict: .skip("\#(key)")
                )
            }
        }

        """#
    }

    var test: String {
        #"""
            @Test func copiesRowsThatWereNotCopiedBefore() async throws {
                let database = try await database()

                let report = try await database.run(\#(type).self)

                #expect(report.status == .succeeded)
                let rows = try await database.query("SELECT name FROM \#(new.sql) ORDER BY \#(key)")
                #expect(rows.map { $0["name"].text } == ["first", "copied before"])
            }

        \#(promises)

            /// A database with the rows that the migration meets.
            private func database() async throws -> TestDatabase {
                let database = try await TestDatabase()
                try await database.execute("CREATE TABLE \#(old.sql) (id INTEGER PRIMARY KEY, name TEXT NOT NULL)")
                try await database.execute(
                    "CREATE TABLE \#(new.sql) (id INTEGER PRIMARY KEY, \#(key) INTEGER UNIQUE, name TEXT NOT NULL)"
                )
                try await database.execute("INSERT INTO \#(old.sql) (id, name) VALUES (1, 'first'), (2, 'second')")
                try await database.execute("INSERT INTO \#(new.sql) (\#(key), name) VALUES (2, 'copied before')")
                return database
            }
        """#
    }

    private var promises: String {
        Self.promises(of: type, Self.promisesOfMoves)
    }
}
