import SQLFiles
import Testing

@Suite("The lines for azu") struct DirectiveTests {
    @Test func `are comments that begin a line`() throws {
        let text = """
            \u{FEFF}-- azu:table users
              --azu:where  a = 1 -- b\t
            SELECT 1; -- azu:not this
            /* -- azu:nor
            -- azu:this */
            SELECT '
            -- azu:nor this
            ';
            -- azu-nor-this
            -- azu:no-transaction
            """
        let file = try SQLFile(text, name: "x.sql")
        #expect(file.directives.map(\.name) == ["table", "where", "no-transaction"])
        #expect(file.directives.map(\.value) == ["users", "a = 1 -- b", ""])
        #expect(file.directives.map(\.position.line) == [1, 2, 10])
        #expect(file.directives.map(\.position.column) == [1, 3, 1])
        #expect(file.directives.map(\.valuePosition.column) == [14, 16, 22])
        #expect(file.text.hasPrefix("--"))
    }

    @Test func `are read with every end of a line`() throws {
        let file = try SQLFile("-- azu:a 1\r\n-- azu:b 2\r-- azu:c 3\n", name: "x.sql")
        #expect(file.directives.map(\.value) == ["1", "2", "3"])
        #expect(file.directives.map(\.position.line) == [1, 2, 3])
    }

    @Test(arguments: ["-- azu:", "-- azu: up", "-- azu:a$b", "-- azu:é"])
    func `need a name`(_ text: String) {
        let error = #expect(throws: SQLFileError.self) { try SQLFile(text, name: "x.sql") }
        #expect(error?.description == "x.sql:1:8: a line for azu is written -- azu:name value")
    }

    @Test func `cut a file into parts`() throws {
        let text = "-- azu:table a\nhead\n-- azu:up\nup 1\n-- azu:other\nup 2\n-- azu:down\ndown"
        let file = try SQLFile(text, name: "x.sql")
        let names: Set = ["up", "down"]
        #expect(file.text[file.head(before: names)] == "-- azu:table a\nhead\n")
        #expect(file.part("up", among: names).map { file.text[$0] } == "\nup 1\n-- azu:other\nup 2\n")
        #expect(file.part("down", among: names).map { file.text[$0] } == "\ndown")
        #expect(file.part("verify", among: names) == nil)
        let whole = try SQLFile("SELECT 1", name: "x.sql")
        #expect(whole.head(before: names) == whole.all)
    }
}

@Suite("Placeholders") struct PlaceholderTests {
    @Test func `stand outside of strings, quoted names and comments`() throws {
        let text = """
            UPDATE a SET b = '{no}', "{no}" = 1 -- {no}
            WHERE {range} AND /* {no} */ x = {range:u.v} {_a1}{b} $${no}$$ {} { a } {1a} {a b} {é} {a
            """
        let file = try SQLFile(text, name: "x.sql")
        let found = file.placeholders(in: file.all)
        #expect(found.map(\.name) == ["range", "range:u.v", "_a1", "b"])
        #expect(found.map { String(file.text[$0.range]) } == ["{range}", "{range:u.v}", "{_a1}", "{b}"])
        #expect(found[0].position == SQLPosition(line: 2, column: 7))
    }
}
