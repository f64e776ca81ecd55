import Foundation
import Testing

@testable import azu_registry

@Suite struct AzuRegistryTests {
    private let root = FileManager.default.temporaryDirectory.appending(path: "azu-registry-\(UUID().uuidString)")

    private func path(_ relative: String) -> String { root.appending(path: relative).path(percentEncoded: false) }

    private func inFolder(_ body: () throws -> Void) throws {
        try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: root) }
        try body()
    }

    @Test("paths are relative to the package, and an unchanged list is not written again")
    func writing() throws {
        try inFolder {
            let migration = path("20240101120000_data_foo.swift")
            try Data("1".utf8).write(to: URL(filePath: migration))
            let arguments = [path("out.swift"), path(""), migration]
            try AzuRegistry.run(arguments)
            let source = try String(contentsOf: URL(filePath: arguments[0]), encoding: .utf8)
            #expect(source.contains(#"path: "20240101120000_data_foo.swift""#))

            let past = Date(timeIntervalSince1970: 1_000_000_000)
            try FileManager.default.setAttributes([.modificationDate: past], ofItemAtPath: arguments[0])
            try AzuRegistry.run(arguments)
            let kept = try FileManager.default.attributesOfItem(atPath: arguments[0])[.modificationDate] as? Date
            #expect(kept == past)

            try Data("2".utf8).write(to: URL(filePath: migration))
            try AzuRegistry.run(arguments)
            #expect(try String(contentsOf: URL(filePath: arguments[0]), encoding: .utf8) != source)
        }
    }

    @Test("a file that can't be read, a folder that can't be written, and too few arguments are errors")
    func failures() throws {
        try inFolder {
            #expect(throws: RegistryError.self) {
                try AzuRegistry.run([path("out.swift"), path(""), path("none.swift")])
            }
            #expect(throws: RegistryError.self) { try AzuRegistry.run([path("none/out.swift"), path("")]) }
            #expect(throws: RegistryError.self) { try AzuRegistry.run([]) }
        }
    }
}
