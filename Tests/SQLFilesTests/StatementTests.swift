import SQLFiles
import Testing

@Suite("The statements of a file") struct StatementTests {
    private func statements(_ text: String) throws -> [SQLStatement] {
        let file = try SQLFile(text, name: "db/x.sql")
        return try file.statements(in: file.all)
    }

    private func texts(_ text: String) throws -> [String] { try statements(text).map(\.text) }

    @Test func `end at semicolons, the last one or not, and keep their own comments alone`() throws {
        #expect(try texts("") == [])
        #expect(try texts(" ; ;\n-- only this\n/* and this */;") == [])
        #expect(try texts("SELECT 1") == ["SELECT 1"])
        #expect(try texts("SELECT 1;SELECT 2 ;\n") == ["SELECT 1", "SELECT 2"])
        #expect(
            try texts("-- one\nSELECT /* in */ 1 -- behind\n;\n/* two */ SELECT 2 -- end") == [
                "SELECT /* in */ 1", "SELECT 2",
            ]
        )
    }

    @Test func `know where they begin`() throws {
        let found = try statements("-- é\n  SELECT 'é\r\n';\r\n/* 🇨🇭 */ SELECT 2;\n\n\tSELECT 3")
        #expect(found.map(\.position.line) == [2, 4, 6])
        #expect(found.map(\.position.column) == [3, 9, 2])
    }

    @Test(
        arguments: [
            "SELECT 'a;''b;'", #"SELECT E'a\';b', e'\\'"#, #"SELECT "a;""b""#, "SELECT `a;b`", "SELECT $$a;'b$$",
            "SELECT $é_1$a;$$;$é_1$", "SELECT a /* ; /* ; */ ' ; */, b", "SELECT a -- ; '\n, b", "SELECT (1; 2)",
            "SELECT 'a\u{301};', \"\u{301};\"", "SELECT $1, a$b, $", "SELECT a[1], x::int, U&'d;' , B'1;'",
            "CREATE RULE r AS ON UPDATE TO t DO ALSO (INSERT INTO a VALUES (1); DELETE FROM b)",
            "DO $body$ BEGIN PERFORM 1; END $body$", "SELECT 'it\\', ';'",
        ]
    )
    func `are whole whatever semicolons they quote`(_ statement: String) throws {
        #expect(try texts("SELECT 0; \(statement) ;SELECT 1;") == ["SELECT 0", statement, "SELECT 1"])
    }

    @Test(
        arguments: [
            "CREATE TRIGGER t AFTER UPDATE ON a BEGIN UPDATE a SET b = 1; SELECT CASE WHEN 1 THEN 2 END; END",
            "CREATE TRIGGER t AFTER UPDATE OF \"begin\" ON a WHEN new.begin > 1 BEGIN DELETE FROM a; END",
            "CREATE TEMP TRIGGER IF NOT EXISTS t BEFORE INSERT ON a\n-- why\nBEGIN -- so\nSELECT end FROM b; END",
            "create or replace function f() returns int begin atomic select 1; select case when true then 2 end; end",
            "CREATE FUNCTION f() RETURNS void BEGIN ATOMIC END",
            "CREATE PROCEDURE p() BEGIN ATOMIC INSERT INTO a VALUES (1); END",
            "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW EXECUTE FUNCTION f()",
            "CREATE CONSTRAINT TRIGGER t AFTER UPDATE OF begin ON a FOR EACH ROW EXECUTE FUNCTION f()",
            "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.a := 1; RETURN NEW; END $$",
        ]
    )
    func `are whole with bodies that have semicolons of their own`(_ statement: String) throws {
        #expect(try texts("\(statement);\nSELECT 1;") == [statement, "SELECT 1"])
        #expect(try texts("SELECT 1; \(statement)") == ["SELECT 1", statement])
    }

    @Test func `are transactions and blocks that are no bodies`() throws {
        #expect(
            try texts("BEGIN; UPDATE a SET b = 1; END; CREATE TABLE c (d int); COMMIT") == [
                "BEGIN", "UPDATE a SET b = 1", "END", "CREATE TABLE c (d int)", "COMMIT",
            ]
        )
    }

    @Test func `are those of a part alone`() throws {
        let file = try SQLFile("SELECT 0;\n-- azu:up\nSELECT 1;\n-- azu:down\nSELECT 2;", name: "x.sql")
        let up = try #require(file.part("up", among: ["up", "down"]))
        let statements = try file.statements(in: up)
        #expect(statements == [SQLStatement(text: "SELECT 1", position: SQLPosition(line: 3, column: 1))])
    }
}

@Suite("What has no end in a file") struct UnterminatedTests {
    @Test(
        arguments: [
            ("SELECT 1;\n SELECT 'a", 2, 9, "a string"), ("\"a", 1, 1, "a quoted name"),
            ("a `b", 1, 3, "a quoted name"),
            ("/* /* */", 1, 1, "a comment"), ("é $x$ $y$", 1, 3, "a string in $x$"), (#"E'a\'"#, 1, 1, "a string"),
            ("-- x\r\n'", 2, 1, "a string"),
        ]
    )
    func `is told with its place`(_ text: String, _ line: Int, _ column: Int, _ what: String) {
        let error = #expect(throws: SQLFileError.self) { try SQLFile(text, name: "db/x.sql") }
        #expect(error?.position == SQLPosition(line: line, column: column))
        #expect(error?.description == "db/x.sql:\(line):\(column): \(what) begins here and has no end")
    }

    @Test func `may be a body, which swallows what follows`() throws {
        let text = "SELECT 1;\nCREATE TRIGGER t AFTER UPDATE ON a BEGIN DELETE FROM a;\nSELECT 2;"
        let file = try SQLFile(text, name: "x.sql")
        let error = #expect(throws: SQLFileError.self) { try file.statements(in: file.all) }
        #expect(error?.position == SQLPosition(line: 2, column: 1))
    }
}
