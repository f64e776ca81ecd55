import Foundation
import Testing

@testable import AzuCommands

/// `docs/commands.md` and `docs/json-output.md` tell of all that there is, and of nothing else.
@Suite struct CommandsPageTests {
    private static let docs = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "docs")

    private static func page(_ name: String) throws -> String {
        try String(contentsOf: docs.appending(path: name), encoding: .utf8)
    }

    /// The long names of options, and the commands that have them.
    private func options() throws -> [String: [String]] {
        var options: [String: [String]] = [:]
        for command in try CommandTree.azu().all {
            let names = (command.arguments ?? []).flatMap { $0.names ?? [] }.filter { $0.kind == .long }
            for name in names { options[name.spelling, default: []].append(command.words.joined(separator: " ")) }
        }
        return options
    }

    @Test func everyCommandIsThere() throws {
        let page = try Self.page("commands.md")
        for command in CommandList.names where !command.isEmpty {
            #expect(page.contains("**`azu \(command)"), "azu \(command) is not in docs/commands.md")
        }
    }

    @Test func everyOptionIsThere() throws {
        let page = try Self.page("commands.md")
        let written = Set(page.matches(of: /--[a-z][a-z-]*/).map { String($0.output) })
        for (option, commands) in try options() {
            #expect(written.contains(option), "\(option) of \(commands) is not in docs/commands.md")
        }
    }

    @Test(arguments: ["commands.md", "json-output.md"]) func nothingIsThereThatDoesNotExist(_ name: String) throws {
        let page = try Self.page(name)
        let options = try options()
        for match in page.matches(of: /--[a-z][a-z-]*/) {
            #expect(options[String(match.output)] != nil, "docs/\(name) has \(match.output)")
        }
        let words = Set(CommandList.names.compactMap { $0.split(separator: " ").first.map(String.init) } + ["help"])
        // An example shows what is answered to a mistake.
        let mistakes: Set = ["db:migrate:data"]
        for match in page.matches(of: /db:[a-z]+(?::[a-z]+)*/) where !mistakes.contains(String(match.output)) {
            #expect(words.contains(String(match.output)), "docs/\(name) has \(match.output)")
        }
        for match in page.matches(of: /`azu ([a-z_]+)(?![a-z_:])/) {
            #expect(words.contains(String(match.output.1)), "docs/\(name) has \(match.output.0)")
        }
    }

    @Test func everyCommandWithJSONHasASchemaAndEverySchemaACommand() throws {
        let page = try Self.page("json-output.md")
        let commands = try CommandTree.azu().all.filter { command in
            command.subcommands == nil && command.option("--output")?.allValues?.contains("json") ?? false
        }
        var wanted: Set = ["common.schema.json", "progress.schema.json"]
        for command in commands {
            let words = command.words.dropFirst()
            let name = words.joined(separator: "-").replacing(":", with: "-")
            wanted.insert("\(name).schema.json")
            #expect(page.contains("| `azu \(words.joined(separator: " "))` |"), "docs/json-output.md has no \(words)")
            #expect(page.contains("(json/\(name).schema.json)"), "docs/json-output.md has no \(name)")
        }
        let folder = Self.docs.appending(path: "json").path(percentEncoded: false)
        let files = Set(try FileManager.default.contentsOfDirectory(atPath: folder))
        #expect(wanted.subtracting(files).sorted() == [], "these are missing in docs/json")
        #expect(files.subtracting(wanted).sorted() == [], "these belong to no command")
    }

    @Test func everyCommandThatPrintsRecordsPrintsJSONToo() throws {
        let silent: Set = ["completions", "manual"]
        for command in try CommandTree.azu().all where command.subcommands == nil {
            guard let name = command.words.dropFirst().first, !silent.contains(name) else { continue }
            let values = command.option("--output")?.allValues ?? []
            #expect(values.contains("json"), "\(command.words) has no --output json")
        }
    }
}
