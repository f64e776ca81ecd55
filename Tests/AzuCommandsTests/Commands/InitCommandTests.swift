import ArgumentParser
import Foundation
import Testing

@testable import AzuCommands

@Suite struct InitCommandTests {
    @Test("a folder is set up where --root says, with azu from its published place")
    func root() throws {
        try TemporaryProject.with { project throws in
            let command = try InitCommand.parse(["--root", project.root.path(percentEncoded: false)])
            try command.run()
            #expect(try project.text("Package.swift").contains(PackageSource.published))
            #expect(project.writer().exists("db/models/User.swift"))
        }
    }
}
