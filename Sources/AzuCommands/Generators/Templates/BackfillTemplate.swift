/// `backfill_user_slugs`: fills a column of a table in place.
struct BackfillTemplate: MigrationTemplate {
    var type: String
    var column: GuessedColumn

    private var table: GuessedTable { column.table }

    var purpose: String { "fills the column \(column.name) of the table \(table.name) where it is NULL" }

    var migration: String {
        #"""
        struct \#(type): RowMigration {
            /// \#(Self.modelComment)
            /// It names the columns that `transform` reads or writes.
            struct \#(table.model): Model {
                static let table = "\#(table.name)"

                var id: Int64
                var \#(column.property): String?
            }

            /// Rows that have a value are left out: each row is filled once, and a later run finds none.
            var rows: Query<\#(table.model)> { \#(table.model).where("\#(column.sql) IS NULL") }

            /// Fills one row. The value is made of the key, as a stand-in: compute the real one here.
            func transform(_ \#(table.one): inout \#(table.model)) {
                \#(table.one).\#(column.property) = "\#(column.name)-\(\#(table.one).id)"
            }
        }

        """#
    }

    var test: String {
        #"""
            @Test func fillsRowsWithoutAValueAndLeavesTheOthers() async throws {
                let database = try await database()

                let report = try await database.run(\#(type).self)

                #expect(report.status == .succeeded)
                let rows = try await database.query("SELECT \#(column.sql) AS value FROM \#(table.sql) ORDER BY id")
                #expect(rows.map { $0["value"].text } == ["\#(column.name)-1", "kept"])
            }

        \#(promises)

            /// A database with the rows that the migration meets.
            private func database() async throws -> TestDatabase {
                let database = try await TestDatabase()
                try await database.execute("CREATE TABLE \#(table.sql) (id INTEGER PRIMARY KEY, \#(column.sql) TEXT)")
                try await database.execute("INSERT INTO \#(table.sql) (id, \#(column.sql)) VALUES (1, NULL), (2, 'kept')")
                return database
            }
        """#
    }

    private var promises: String {
        Self.promises(of: type, Self.promisesOfChanges)
    }
}
