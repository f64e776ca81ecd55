import Database
import Testing

@testable import DataMigrations

@Suite struct ParameterLineTests {
    private func parameter(_ line: String) throws -> ParameterDescription {
        let name = line.prefix { $0 != " " }
        let parameters = try entry("-- azu:param \(line)\nSELECT {\(name)}").parameters
        #expect(parameters.count == 1)
        return try #require(parameters.first)
    }

    @Test func `a line has a name, a type, a default and what it is for`() throws {
        let parameter = try parameter("cutoff date = 2024-01-31   Orders before this day, 'old' ones.")
        #expect(parameter.name == "cutoff")
        #expect(parameter.type == .date)
        #expect(parameter.defaultValue.map(parameter.type.text) == "2024-01-31")
        #expect(parameter.help == "Orders before this day, 'old' ones.")
        #expect(!parameter.isRequired)
    }

    @Test func `without a default a value must be given, unless the type has a question mark`() throws {
        let required = try parameter("state text Only those in this state.")
        #expect(required.isRequired)
        #expect(required.help == "Only those in this state.")
        let optional = try parameter("state text? Only those in this state.")
        #expect(!optional.isRequired)
        #expect(optional.defaultValue == nil)
        #expect(optional.type.isOptional)
        #expect(try parameter("state text").help.isEmpty)
    }

    @Test(
        arguments: [
            ("a text = 'it''s  old' Help", Value.text("it's  old")), ("a text = old Help", .text("old")),
            ("a text = ''", .text("")), ("a text='x'", .text("x")), ("a integer=-5", .integer(-5)),
            ("a number = 0.5 Help", .double(0.5)), ("a boolean = yes", .bool(true)), ("a integer? = ''", .null),
        ]
    )
    func `a default is a word, or stands in quotes`(line: String, value: Value) throws {
        #expect(try parameter(line).defaultValue == value)
    }

    @Test func `a time of the day stands in quotes`() throws {
        let parameter = try parameter("a date = '2024-01-31 23:59' Help")
        #expect(parameter.defaultValue.map(parameter.type.text) == "2024-01-31 23:59:00")
        #expect(parameter.help == "Help")
    }

    @Test(
        arguments: [
            ("-- azu:param\nSELECT 1", "x.sql:1:13: azu:param takes a name of letters, digits and _"),
            ("-- azu:param 1st integer\nSELECT 1", "x.sql:1:14: azu:param takes a name of letters, digits and _"),
            ("-- azu:param cut-off date\nSELECT 1", "x.sql:1:14: azu:param takes a name of letters, digits and _"),
            ("-- azu:param range integer\nSELECT 1", "x.sql:1:14: {range} has a meaning already"),
            ("-- azu:param now date\nSELECT {now}", "x.sql:1:14: {now} has a meaning already"),
            (
                "-- azu:param cutoff dat\nSELECT {cutoff}",
                "x.sql:1:21: the type of cutoff is text, integer, number, boolean or date, with a ? behind it"
            ),
            ("-- azu:param cutoff\nSELECT {cutoff}", "x.sql:1:20: the type of cutoff is text"),
            ("-- azu:param cutoff date = tomorrow\nSELECT {cutoff}", "x.sql:1:28: cutoff takes a date, such as"),
            ("-- azu:param cutoff date =\nSELECT {cutoff}", "x.sql:1:27: cutoff has no default behind its ="),
            (
                "-- azu:param cutoff date = 2024-01-01 12:00 Help\nSELECT {cutoff}",
                "x.sql:1:28: a default with a blank in it stands in quotes"
            ),
            ("-- azu:param a text = 'x\nSELECT {a}", "x.sql:1:23: a default begins here and has no end"),
            ("-- azu:param a text = 'x'y\nSELECT {a}", "x.sql:1:26: a blank stands between the default"),
            (
                "-- azu:param oldestFirst text\n-- azu:param oldest_first text\nSELECT 1",
                "x.sql:2:14: the parameter oldestFirst stands on line 1 already"
            ),
            (
                "-- azu:param a text\nSELECT '{a}' -- {a}",
                "x.sql:1:1: the parameter a is never used: write {a}, outside of quotes"
            ),
            (
                "SELECT 1;\n-- azu:down\n-- azu:param a text\nSELECT {a}",
                "x.sql:3:1: azu:param is for the whole file"
            ),
            ("-- azu:tags a b\nSELECT 1", "x.sql:1:13: azu:tags takes tags with commas between them"),
            ("-- azu:tags\nSELECT 1", "x.sql:1:12: azu:tags takes tags with commas between them"),
            ("-- azu:tags a\n-- azu:tags b\nSELECT 1", "x.sql:2:1: azu:tags stands on line 1 already"),
            (
                "-- azu:environments production,\nSELECT 1",
                "x.sql:1:21: azu:environments takes environments with commas between them"
            ),
        ]
    )
    func `what is wrong is told in one line, with its line and column`(text: String, expected: String) {
        let problem = problem(text)
        #expect(problem.hasPrefix(expected), "\(problem)")
        #expect(!problem.contains("\n"))
    }

    @Test func `tags and environments are those of the entry`() throws {
        let entry = try entry("-- azu:tags after-deploy,  slow\n-- azu:environments production\nSELECT 1")
        #expect(entry.tags == ["after-deploy", "slow"])
        #expect(entry.environments == ["production"])
    }

    @Test func `without lines there are neither`() throws {
        let plain = try entry("SELECT 1")
        #expect(plain.tags.isEmpty)
        #expect(plain.environments.isEmpty)
        #expect(plain.parameters.isEmpty)
    }
}
