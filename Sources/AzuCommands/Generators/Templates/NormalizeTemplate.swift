/// `normalize_email_addresses`: cleans a column up, where a cleaned value may meet one that is there.
struct NormalizeTemplate: MigrationTemplate {
    var type: String
    var column: GuessedColumn

    private var table: GuessedTable { column.table }

    var purpose: String { "brings the column \(column.name) of the table \(table.name) into one form" }

    var imports: [String] { ["Foundation"] }

    var migration: String {
        #"""
        struct \#(type): RowMigration {
            /// \#(Self.modelComment)
            /// It names the columns that `transform` reads or writes.
            struct \#(table.model): Model {
                static let table = "\#(table.name)"

                var id: Int64
                var \#(column.property): String
            }

            var rows: Query<\#(table.model)> { \#(table.model).where("\#(column.sql) IS NOT NULL") }

            /// Cleans one row up: no blanks around the value, no capitals. A row that is clean already is not written.
            func transform(_ \#(table.one): inout \#(table.model)) {
                \#(table.one).\#(column.property) = \#(table.one).\#(column.property)
                    .trimmingCharacters(in: .whitespacesAndNewlines)
                    .lowercased()
            }

            /// Decides what becomes of a row whose clean value another row has, where the column is unique: here the key
            /// is added to it. Without this function such rows go to the quarantine.
            func resolve(_ conflict: UniqueConflict, for \#(table.one): inout \#(table.model)) {
                \#(table.one).\#(column.property) += "_\(\#(table.one).id)"
            }
        }

        """#
    }

    var test: String {
        #"""
            @Test func cleansValuesAndKeepsThemUnique() async throws {
                let database = try await database()

                let report = try await database.run(\#(type).self)

                #expect(report.status == .succeeded)
                let rows = try await database.query("SELECT \#(column.sql) AS value FROM \#(table.sql) ORDER BY id")
                #expect(rows.map { $0["value"].text } == ["one", "two", "two_3", nil])
            }

        \#(promises)

            /// A database with the rows that the migration meets.
            private func database() async throws -> TestDatabase {
                let database = try await TestDatabase()
                try await database.execute("CREATE TABLE \#(table.sql) (id INTEGER PRIMARY KEY, \#(column.sql) TEXT UNIQUE)")
                try await database.execute(
                    "INSERT INTO \#(table.sql) (id, \#(column.sql)) VALUES (1, ' One'), (2, 'two'), (3, 'TWO '), (4, NULL)"
                )
                return database
            }
        """#
    }

    private var promises: String {
        Self.promises(of: type, Self.promisesOfChanges)
    }
}
