/// Any other name: `up` and `down` by hand.
struct UpDownTemplate: MigrationTemplate {
    var type: String
    var column: GuessedColumn

    private var table: GuessedTable { column.table }

    var purpose: String {
        "changes the column \(column.name) of the table \(table.name), in `up`, and takes that back, in `down`"
    }

    var hasDown: Bool { true }

    var migration: String {
        #"""
        struct \#(type): DataMigration {
            /// \#(Self.modelComment)
            /// The table and the column are guessed from the migration's name.
            struct \#(table.model): Model {
                static let table = "\#(table.name)"

                var id: Int64
                var \#(column.property): String?
            }

            /// Walks over the table a batch at a time. Each batch is one transaction; a run that is resumed goes on behind
            /// the last one. The value is a stand-in.
            func up(_ migration: MigrationContext) async throws {
                let query = \#(table.model).where("\#(column.sql) IS NULL")
                try await migration.inBatches(query, step: "set \#(column.name)") { rows, batch in
                    try await batch.update(rows.map { \#(table.model)(id: $0.id, \#(column.property): "set by azu") })
                }
            }

            /// Takes back what `up` did, here with one statement in one transaction.
            func down(_ migration: MigrationContext) async throws {
                try await migration.step("clear \#(column.name)") { batch in
                    try await batch.execute(
                        "UPDATE \#(table.sql) SET \#(column.sql) = NULL WHERE \#(column.sql) = 'set by azu'"
                    )
                }
            }
        }

        """#
    }

    var test: String {
        #"""
            @Test func setsRowsWithoutAValueAndLeavesTheOthers() async throws {
                let database = try await database()

                let report = try await database.run(\#(type).self)

                #expect(report.status == .succeeded)
                let rows = try await database.query("SELECT \#(column.sql) AS value FROM \#(table.sql) ORDER BY id")
                #expect(rows.map { $0["value"].text } == ["set by azu", "kept"])
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
