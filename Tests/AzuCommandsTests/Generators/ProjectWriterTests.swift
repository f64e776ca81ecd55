import Foundation
import Testing

@testable import AzuCommands

@Suite struct ProjectWriterTests {
    private let file = GeneratedFile(path: "db/a/b.swift", contents: "new")

    @Test("a file that is not there is created, with its folders")
    func creates() throws {
        try TemporaryProject.with { project throws in
            #expect(try project.writer().write([file]).map(\.description) == ["create db/a/b.swift"])
            #expect(try project.text(file.path) == "new")
        }
    }

    @Test("a file that is there stays, unless forced")
    func keeps() throws {
        try TemporaryProject.with { project throws in
            try project.put("mine", at: file.path)
            #expect(try project.writer().write([file]).map(\.description) == ["exists db/a/b.swift"])
            #expect(try project.text(file.path) == "mine")
            #expect(try project.writer(force: true).write([file]).map(\.description) == ["force db/a/b.swift"])
            #expect(try project.text(file.path) == "new")
        }
    }

    @Test("sample data is never overwritten")
    func samples() throws {
        try TemporaryProject.with { project throws in
            let sample = GeneratedFile(path: "db/data/users.csv", contents: "id\n", isSample: true)
            try project.put("mine", at: sample.path)
            #expect(try project.writer(force: true).write([sample]).map(\.description) == ["exists db/data/users.csv"])
            #expect(try project.text(sample.path) == "mine")
        }
    }

    @Test("what can't be written or read is named")
    func failure() throws {
        try TemporaryProject.with { project throws in
            try project.put("a file, not a folder", at: "db")
            let error = #expect(throws: GeneratorError.self) { try project.writer().write([file]) }
            #expect(error?.description.hasPrefix("db/a/b.swift can't be written: ") == true)
            #expect(throws: GeneratorError.self) { try project.text("none") }
        }
    }
}
