import MigrationNaming
import Testing

@testable import AzuCommands

/// Who mistypes a command is told which one may be meant, in one line.
@Suite struct SuggestionTests {
    static let mistakes: [(words: [String], message: String)] = [
        (["db:data:migrat"], "there is no command db:data:migrat; did you mean db:data:migrate?"),
        (["db:data:mgirate"], "there is no command db:data:mgirate; did you mean db:data:migrate?"),
        (["db:migrate:data"], "there is no command db:migrate:data; did you mean db:data:migrate?"),
        (["data:verify", "x"], "there is no command data:verify; did you mean db:data:verify?"),
        (["rollback", "--plan"], "there is no command rollback; did you mean db:data:rollback or db:rollback?"),
        (["status"], "there is no command status; did you mean db:data:status or db:status?"),
        (["db:migrat"], "there is no command db:migrat; did you mean db:migrate?"),
        (["db:rest", "--yes"], "there is no command db:rest; did you mean db:reset?"),
        (["db:seeds"], "there is no command db:seeds; did you mean db:seed?"),
        (["db:data:shwo", "x"], "there is no command db:data:shwo; did you mean db:data:show?"),
        (["db:mark"], "there is no command db:mark; did you mean db:data:mark?"),
        (["confg"], "there is no command confg; did you mean config?"),
        (["generat", "data_migration"], "there is no command generat; did you mean generate?"),
        (["help", "db:data:jurnal"], "there is no command db:data:jurnal; did you mean db:data:journal?"),
        (["db:data:journal", "sise"], "there is no command db:data:journal sise; did you mean db:data:journal size?"),
        (["make-me-a-sandwich"], "there is no command make-me-a-sandwich; azu --help lists them"),
    ]

    @Test(arguments: mistakes.indices) func theNearestCommandIsSuggested(_ index: Int) {
        let (words, message) = Self.mistakes[index]
        let failure = #expect(throws: CommandFailure.self) { try CommandSuggestion.check(words) }
        #expect(failure?.message == message)
        #expect(failure?.code == .usage)
    }

    @Test(arguments: [
        [], ["--help"], ["--version"], ["help"], ["help", "init"], ["help", "help"],
        ["help", "db:data:journal", "size"],
        ["db:data:run", "nobody"], ["db:data:journal"], ["db:data:journal", "--output", "json"],
        ["db:data:journal", "show", "nobody"], ["generate", "data_migration", "x"], ["-x", "nobody"],
        ["generate", "migration", "CreateUsers", "name:string"], ["db:migrate"], ["db:reset", "--yes"], ["config"],
    ])
    func whatIsNoMistakeIsLeftToTheParser(_ words: [String]) {
        #expect(throws: Never.self) { try CommandSuggestion.check(words) }
    }

    @Test func allOfSeveralEquallyNearCommandsAreNamed() {
        let names = ["db:status", "db:data:status", "db:data:run"]
        #expect(Nearest.names(to: "status", among: names, separator: ":") == ["db:status", "db:data:status"])
        #expect(["a", "b", "c"].either == "a, b or c")
        #expect(["a", "b"].either == "a or b")
        #expect(["a"].either == "a")
    }
}
