/// `archive_old_orders`: moves rows into an archive table.
struct ArchiveTemplate: MigrationTemplate {
    var type: String
    var table: GuessedTable

    private var archive: String { "archived_\(table.name)" }

    var purpose: String { "moves rows older than two years from the table \(table.name) to \(archive)" }

    var imports: [String] { ["Foundation"] }

    var migration: String {
        #"""
        struct \#(type): BatchMigration {
            /// \#(Self.modelComment)
            /// Name every column that the archive keeps: the rows are deleted afterwards.
            struct \#(table.model): Model {
                static let table = "\#(table.name)"

                var id: Int64
                var createdAt: Date
            }

            /// The row in the archive.
            struct Archived\#(table.model): Model {
                static let table = "\#(archive)"

                var id: Int64
                var createdAt: Date
            }

            /// What is old enough. The date is fixed when a run begins, and kept when it is resumed.
            var rows: Query<\#(table.model)> {
                let twoYears: TimeInterval = 2 * 365 * 24 * 60 * 60
                return \#(table.model).where("created_at < \(Date.now.addingTimeInterval(-twoYears))")
            }

            /// Moves one batch: the rows leave the one table and arrive in the other in the same transaction.
            func process(_ \#(table.many): [\#(table.model)], _ batch: Batch) async throws {
                try await batch.insert(\#(table.many).map { Archived\#(table.model)(id: $0.id, createdAt: $0.createdAt) })
                try await batch.delete(\#(table.many))
            }
        }

        """#
    }

    var testImports: [String] { ["Foundation"] }

    var test: String {
        #"""
            @Test func movesOldRowsAndLeavesRecentOnes() async throws {
                let database = try await database()

                let report = try await database.run(\#(type).self)

                #expect(report.status == .succeeded)
                let kept = try await database.query("SELECT id FROM \#(table.sql)")
                #expect(kept.map { $0["id"].integer } == [2])
                let archived = try await database.query("SELECT id, created_at FROM \#(archive)")
                #expect(archived.map { $0["id"].integer } == [1])
                #expect(archived.map { $0["created_at"].text } == ["2001-01-01 00:00:00"])
            }

        \#(promises)

            /// A database with the rows that the migration meets.
            private func database() async throws -> TestDatabase {
                let database = try await TestDatabase()
                for table: SQL in ["\#(table.sql)", "\#(archive)"] {
                    try await database.execute("CREATE TABLE \(table) (id INTEGER PRIMARY KEY, created_at TEXT NOT NULL)")
                }
                try await database.execute(
                    "INSERT INTO \#(table.sql) (id, created_at) VALUES (1, '2001-01-01 00:00:00'), (2, \(Date.now))"
                )
                return database
            }
        """#
    }

    private var promises: String {
        Self.promises(of: type, Self.promisesOfMoves)
    }
}
