import SQLFiles
import Testing

@testable import DataMigrations

@Suite struct HeaderTests {
    private func file(_ text: String) throws -> SQLMigrationFile { try SQLMigrationFile(text, name: path) }

    @Test func `each line of the header is read`() throws {
        let file = try file(
            """
            -- Fills slugs.
            -- azu:table shop.users
            -- azu:key shop_id,  number
            -- azu:where slug IS NULL -- not yet
            -- azu:where {row}.name <> ''
            -- azu:batch max 20000
            -- azu:verify SELECT id FROM users WHERE slug IS NULL;
            -- azu:verify SELECT 2 WHERE 1 = 0
            -- azu:journal off
            -- azu:tolerates 3
            -- azu:quarantine 50
            UPDATE users SET slug = 'x' WHERE {range};
            """
        )
        #expect(file.up.table == "shop.users")
        #expect(file.up.key == ["shop_id", "number"])
        #expect(written(file.up.predicate(called: "u")) == "((slug IS NULL) AND (u.name <> ''))")
        #expect(file.options.batchSize == .adaptive(max: 20_000))
        #expect(file.checks.map(\.query) == ["SELECT id FROM users WHERE slug IS NULL", "SELECT 2 WHERE 1 = 0"])
        #expect(file.checks.map(\.position.line) == [7, 8])
        #expect(file.options.journal == .off)
        #expect(file.options.tolerates == .upTo(3))
        #expect(file.options.quarantineLimit == 50)
        #expect(file.down == nil)
    }

    @Test func `without lines the usual holds, and the statements run once`() throws {
        let file = try file("INSERT INTO roles VALUES (1); INSERT INTO roles VALUES (2)")
        #expect(file.up.table == nil)
        #expect(file.up.statements.count == 2)
        #expect(file.options.batchSize == .adaptive())
        #expect(file.options.journal == .on)
        #expect(file.options.tolerates == .none)
    }

    @Test func `a batch may have a fixed number of rows`() throws {
        #expect(try file("-- azu:batch 5000\nSELECT 1").options.batchSize == .fixed(5_000))
    }

    @Test func `the way back has the table of the way there, and conditions of its own`() throws {
        let file = try file(
            """
            -- azu:table users
            -- azu:where slug IS NULL
            UPDATE users SET slug = 'x' WHERE {range};
            -- azu:down
            -- azu:where slug = 'x'
            UPDATE users SET slug = NULL WHERE {range};
            """
        )
        #expect(file.down?.table == "users")
        #expect(written(file.down?.predicate(called: "u")) == "(slug = 'x')")
        #expect(file.down?.statements.count == 1)
        #expect(file.up.statements.count == 1)
    }

    @Test func `a way back without a range runs once`() throws {
        let file = try file("-- azu:table a\nDELETE FROM a WHERE {range};\n-- azu:down\nINSERT INTO a VALUES (1)")
        #expect(file.down?.table == nil)
    }

    @Test(
        arguments: [
            (
                "-- azu:tabel users\nSELECT 1",
                "x.sql:1:1: there is no line azu:tabel in a data migration; did you mean azu:table?"
            ),
            (
                "\n  -- azu:wher a = 1\nSELECT 1",
                "x.sql:2:3: there is no line azu:wher in a data migration; did you mean azu:where?"
            ),
            ("-- azu:table\nSELECT 1", "x.sql:1:13: azu:table takes the name of one table, as in -- azu:table users"),
            (
                "-- azu:table a b\nSELECT 1",
                "x.sql:1:14: azu:table takes the name of one table, as in -- azu:table users"
            ),
            ("-- azu:table a\n-- azu:table b\nSELECT 1", "x.sql:2:1: azu:table stands on line 1 already"),
            ("-- azu:batch 0\nSELECT 1", "x.sql:1:14: azu:batch takes a number of rows"),
            ("-- azu:batch max\nSELECT 1", "x.sql:1:14: azu:batch takes a number of rows"),
            ("-- azu:journal maybe\nSELECT 1", "x.sql:1:16: azu:journal is on or off"),
            ("-- azu:tolerates -1\nSELECT 1", "x.sql:1:18: azu:tolerates takes a number of rows, from 0 on"),
            ("-- azu:key a,,b\nSELECT 1", "x.sql:1:12: azu:key takes columns with commas between them"),
            ("-- azu:where a = 'x\nSELECT 1", "x.sql:1:18: "),
            ("-- azu:where (a = 1\nSELECT 1", "x.sql:1:14: the brackets of azu:where don't match"),
            ("-- azu:where a = 1; DROP TABLE a\nSELECT 1", "x.sql:1:21: a semicolon ends what azu:where takes"),
            ("-- azu:where {range}\nSELECT 1", "x.sql:1:14: there is no placeholder {range} in a condition"),
            ("-- azu:verify DELETE FROM a\nSELECT 1", "x.sql:1:15: azu:verify takes a query that finds nothing"),
            (
                "-- azu:verify SELECT count(*) FROM a\nSELECT 1",
                "x.sql:1:15: azu:verify takes a query that finds nothing"
            ),
            ("-- azu:where a = 1\nSELECT 1", "x.sql:2:1: azu:where and azu:key are about the rows of a table"),
            ("UPDATE a SET b = 1 WHERE {range}", "x.sql:1:26: {range} is about the rows of a table; say which"),
            (
                "-- azu:table a\nUPDATE a SET b = 1",
                "x.sql:2:1: with azu:table, the SQL runs for each batch of its rows"
            ),
            ("-- azu:table a\nSELECT 1 WHERE {range};\nDELETE FROM a", "x.sql:3:1: this statement has no {range}"),
            ("-- azu:table a\nUPDATE a SET b = {rnge} WHERE {range}", "x.sql:2:18: there is no placeholder {rnge}"),
            ("-- azu:table a\nUPDATE a SET b = 1 WHERE {range:}", "x.sql:2:26: there is no placeholder {range:}"),
            ("-- azu:table a", "x.sql:1:1: there is no statement"),
            ("SELECT 1;\n  BEGIN;", "x.sql:2:3: azu begins and ends the transaction itself; leave BEGIN out"),
            ("SELECT 1;\n-- azu:down\n-- azu:batch 5\nSELECT 2", "x.sql:3:1: azu:batch is for the whole file"),
            ("SELECT 1;\n-- azu:down now\nSELECT 2", "x.sql:2:13: azu:down stands alone on its line"),
            ("SELECT 'a", "x.sql:1:8: "),
        ]
    )
    func `what is wrong is told in one line, with its line and column`(text: String, expected: String) {
        let problem = problem(text)
        #expect(problem.hasPrefix(expected), "\(problem)")
        #expect(!problem.contains("\n"))
    }

    @Test func `a name that is like none is answered with those that there are`() {
        #expect(problem("-- azu:something 1\nSELECT 1").contains("; there are azu:table, azu:key, azu:where"))
    }
}
