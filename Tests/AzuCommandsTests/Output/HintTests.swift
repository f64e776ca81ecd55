import ArgumentParser
import Testing

@testable import AzuCommands

/// Commands that a person is told to call work on the database that this command line works on.
@Suite struct HintTests {
    @Test func theEnvironmentStandsBehindEachCommandThatTakesOne() {
        let text = "stopped; azu db:data:run 2024 --again goes on, or azu db:status; azu init makes a package"
        #expect(
            Hint.complete(text, environment: "staging")
                == "stopped; azu db:data:run --env staging 2024 --again goes on, or azu db:status --env staging; azu init "
                + "makes a package"
        )
        #expect(Hint.complete("did you mean db:data:run?", environment: "staging") == "did you mean db:data:run?")
    }

    @Test func withoutAnEnvironmentATextStaysAsItIs() {
        #expect(Hint.complete("azu db:status", environment: nil) == "azu db:status")
        #expect(Hint.complete("azu db:status", environment: "") == "azu db:status")
    }

    @Test func aShellTakesTheNameForOneWord() {
        #expect(Hint.complete("azu db:seed", environment: "a b'c") == "azu db:seed --env 'a b'\\''c'")
        #expect(Hint.complete("azu db:seed", environment: "eu-west_1.b") == "azu db:seed --env eu-west_1.b")
    }

    @Test func whatIsToldCanBeCalled() throws {
        for command in ["db:data:verify x", "db:data:run 1 --again", "db:data:rollback --version 1", "db:create"] {
            let words = Hint.complete("azu \(command)", environment: "test").split(separator: " ").dropFirst()
            #expect(throws: Never.self, "\(words)") { _ = try AzuCommand.parseAsRoot(words.map(String.init)) }
        }
    }

    @Test func anOptionIsFoundAmongWords() {
        #expect(["db:seed", "--env", "test", "--yes"].value(of: "env") == "test")
        #expect(["db:seed", "--env=test"].value(of: "env") == "test")
        #expect(["db:seed", "--env="].value(of: "env") == "")
        #expect(["db:seed", "--env"].value(of: "env") == nil)
        #expect(["db:seed", "--environment=x"].value(of: "env") == nil)
        #expect([String]().value(of: "env") == nil)
    }
}
