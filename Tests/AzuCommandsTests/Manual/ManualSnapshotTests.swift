import Foundation
import Testing

@testable import AzuCommands

/// The man pages, as files for `man`.
@Suite struct ManualSnapshotTests {
    private let snapshot = Snapshot(folder: "man")

    // The version changes with each release, and no page with it.
    private func pages() throws -> [ManualPage] { ManualPage.all(of: try CommandTree.azu(), version: "VERSION") }

    @Test func thePagesAreAsTheyWere() throws {
        let pages = try pages()
        for page in pages { try snapshot.expect(page.text, is: page.fileName) }
        try snapshot.expectOnly(pages.map(\.fileName))
    }

    @Test func everyCommandThatHelpListsHasAPageThatTheFirstOneNames() throws {
        let pages = try pages()
        let tree = try CommandTree.azu()
        #expect(pages.count == tree.all.count { $0.shouldDisplay })
        #expect(Set(pages.map(\.fileName)).count == pages.count)
        let root = try #require(pages.first).text
        for command in tree.visibleCommands where command.commandName != "help" {
            #expect(root.contains(ManualPage(command: command, version: "").name.replacing("-", with: "\\-")))
        }
    }

    @Test(.enabled(if: ManualSnapshotTests.hasGroff, "groff is not installed"))
    func groffHasNothingToSayAgainstThem() throws {
        for page in try pages() {
            let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).1")
            defer { try? FileManager.default.removeItem(at: file) }
            try Data(page.text.utf8).write(to: file)
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/env")
            process.arguments = ["groff", "-man", "-ww", "-z", "-Tutf8", file.path(percentEncoded: false)]
            let errors = Pipe()
            process.standardError = errors
            try process.run()
            let said = String(decoding: try errors.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
            process.waitUntilExit()
            #expect(said == "", "\(page.fileName)")
        }
    }

    private static let hasGroff = ["/usr/bin/groff", "/usr/local/bin/groff", "/opt/homebrew/bin/groff"]
        .contains { FileManager.default.isExecutableFile(atPath: $0) }

    @Test func whatRoffWouldTakeForItsOwnIsEscaped() {
        #expect(Roff.text(".x") == "\\&.x")
        #expect(Roff.text("--a 'b' c\\d ~^`") == "\\-\\-a \\(aqb\\(aq c\\ed \\(ti\\(ha\\(ga")
        #expect(Roff.text("'x") == "\\(aqx")
        #expect(Roff.text("…é") == "\\[u2026]\\[u00E9]")
        #expect(Roff.argument("a \"b\"") == "\"a \\(dqb\\(dq\"")
    }
}
