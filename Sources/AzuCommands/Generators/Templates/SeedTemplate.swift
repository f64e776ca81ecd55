/// `seed_default_roles`: puts the rows there that an application can't do without.
struct SeedTemplate: MigrationTemplate {
    var type: String
    var table: GuessedTable

    var purpose: String { "puts the rows that the application needs into the table \(table.name)" }

    var hasDown: Bool { true }

    var migration: String {
        #"""
        struct \#(type): DataMigration {
            /// \#(Self.modelComment)
            struct \#(table.model): Model {
                static let table = "\#(table.name)"

                var name: String
            }

            /// The rows; `name` needs a unique index. The two are stand-ins.
            static let seeds = [\#(table.model)(name: "first"), \#(table.model)(name: "second")]

            /// Inserts the rows that are not there yet. A step runs in one transaction, and once.
            func up(_ migration: MigrationContext) async throws {
                try await migration.step("insert \#(table.name)") { batch in
                    try await batch.insert(Self.seeds, onConflict: .skip("name"))
                }
            }

            /// Deletes the rows, also those that were there before: leave this function out if they have to stay.
            func down(_ migration: MigrationContext) async throws {
                try await migration.step("delete \#(table.name)") { batch in
                    try await batch.execute("DELETE FROM \#(table.sql) WHERE name IN \(Self.seeds.map(\.name))")
                }
            }
        }

        """#
    }

    var test: String {
        #"""
            @Test func insertsRowsThatAreNotThere() async throws {
                let database = try await database()
                try await database.execute("INSERT INTO \#(table.sql) (id, name) VALUES (7, 'first')")

                let report = try await database.run(\#(type).self)

                #expect(report.status == .succeeded)
                let rows = try await database.query("SELECT id, name FROM \#(table.sql) ORDER BY name")
                #expect(rows.map { $0["name"].text } == ["first", "second"])
                #expect(rows.first.map { $0["id"].integer } == 7)
            }

        \#(promises)

            /// A database with a table without rows.
            private func database() async throws -> TestDatabase {
                let database = try await TestDatabase()
                try await database.execute("CREATE TABLE \#(table.sql) (id INTEGER PRIMARY KEY, name TEXT UNIQUE)")
                return database
            }
        """#
    }

    private var promises: String {
        Self.promises(of: type, ["expectIdempotent", "expectResumable", "expectReversible"])
    }
}
