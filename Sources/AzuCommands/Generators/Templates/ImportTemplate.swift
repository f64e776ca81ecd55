/// `import_legacy_users`: reads a file into a table.
struct ImportTemplate: MigrationTemplate {
    var type: String
    private var table: GuessedTable
    private var file: String
    private var record: String

    init(type: String, words: [String]) {
        self.type = type
        // `import_users_from_csv` is about users.
        let from = words.indices.dropFirst().first { words[$0] == "from" } ?? words.endIndex
        let subject = GuessedTable(Array(words[..<from]))
        table = .withoutAdjectives(Array(words[..<from]))
        file = "db/data/\(subject.name).csv"
        record = subject.model == table.model ? subject.model + "Record" : subject.model
    }

    var purpose: String { "reads \(file) into the table \(table.name)" }

    var migration: String {
        #"""
        struct \#(type): BatchMigration {
            /// A record of the file: a property for each column of its header that is needed.
            struct \#(record): Decodable, Sendable {
                var id: Int64
                var name: String
            }

            /// \#(Self.modelComment)
            /// `legacy_id` says which record the row was made of, and needs a unique index.
            struct \#(table.model): Model {
                static let table = "\#(table.name)"

                var legacyID: Int64
                var name: String
            }

            /// The file, relative to the project's root. The one that came with this migration is a sample. `JSONFile` and
            /// `JSONLinesFile` read the other formats; each may be gzipped.
            var rows: CSVFile<\#(record)> { CSVFile("\#(file)") }

            /// Inserts one batch, in one transaction. Records that were imported before are skipped.
            func process(_ records: [\#(record)], _ batch: Batch) async throws {
                try await batch.insert(
                    records.map { \#(table.model)(legacyID: $0.id, name: $0.name) },
                    onConflict: .skip("legacy_id")
                )
            }
        }

        """#
    }

    var samples: [GeneratedFile] {
        [GeneratedFile(path: file, contents: "id,name\n1,Ada\n2,Grace\n", isSample: true)]
    }

    var testImports: [String] { ["Foundation"] }

    var test: String {
        #"""
            @Test func importsRecordsThatWereNotImportedBefore() async throws {
                let database = try await database()
                defer { try? FileManager.default.removeItem(at: database.root) }

                let report = try await database.run(\#(type).self)

                #expect(report.status == .succeeded)
                let rows = try await database.query("SELECT name FROM \#(table.sql) ORDER BY legacy_id")
                #expect(rows.map { $0["name"].text } == ["Ada", "imported before"])
            }

        \#(promises)

            /// A database with a record that was imported before, and a folder that stands in for the project's root, with a
            /// file of the test's own.
            private func database() async throws -> TestDatabase {
                let root = FileManager.default.temporaryDirectory.appending(path: "\#(type)-\(UUID().uuidString)")
                let file = root.appending(path: "\#(file)")
                try FileManager.default.createDirectory(
                    at: file.deletingLastPathComponent(),
                    withIntermediateDirectories: true
                )
                try Data("id,name\n1,Ada\n2,Grace\n".utf8).write(to: file)
                let database = try await TestDatabase(root: root)
                try await database.execute(
                    "CREATE TABLE \#(table.sql) (id INTEGER PRIMARY KEY, legacy_id INTEGER UNIQUE, name TEXT NOT NULL)"
                )
                try await database.execute("INSERT INTO \#(table.sql) (legacy_id, name) VALUES (2, 'imported before')")
                return database
            }
        """#
    }

    private var promises: String {
        Self.promises(
            of: type,
            in: "try await database()\n        defer { try? FileManager.default.removeItem(at: database.root) }",
            ["expectIdempotent", "expectResumable", "expectReversible", "expectBatchSizeIndependent"]
        )
    }
}
