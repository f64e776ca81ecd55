import Foundation
import Testing

@testable import AzuCommands

@Suite struct ProjectGeneratorTests {
    private let url = PackageSource(location: "https://example.org/tools/Azu.git")

    private func initialize(_ project: TemporaryProject, _ package: PackageSource? = nil) throws -> [String] {
        try ProjectGenerator(package: package ?? url, writer: project.writer()).run().map(\.description)
    }

    @Test("an empty folder becomes a package, and a second time nothing is done")
    func empty() throws {
        try TemporaryProject.with { project throws in
            let created = try initialize(project)
            #expect(created.first == "create Package.swift")
            #expect(created.allSatisfy { $0.hasPrefix("create ") })
            let manifest = try project.text("Package.swift")
            #expect(manifest.contains("    name: \"shop\",\n"))
            #expect(manifest.contains(#".package(url: "https://example.org/tools/Azu.git", from: "0.1.0")"#))
            #expect(manifest.contains(#".product(name: "AzuCommands", package: "azu")"#))

            #expect(try initialize(project).allSatisfy { $0.hasPrefix("exists ") })
            #expect(try project.text("Package.swift") == manifest)
        }
    }

    @Test("a package that is there is added to, once")
    func existing() throws {
        try TemporaryProject.with { project throws in
            let before = "// swift-tools-version: 5.9\nimport PackageDescription\nlet package = Package(name: \"x\")\n"
            try project.put(before, at: "Package.swift")
            try project.put("mine", at: ".gitignore")
            let outcomes = try initialize(project)
            #expect(outcomes.first == "append Package.swift")
            #expect(outcomes.last == "exists .gitignore")
            let after = try project.text("Package.swift")
            #expect(after.hasPrefix(before + "\n// azu:"))

            #expect(try initialize(project).first == "exists Package.swift")
            #expect(try project.text("Package.swift") == after)
        }
    }

    @Test("what azu can't add to is refused, and nothing is written")
    func refused() throws {
        let manifests = [
            "// swift-tools-version: 6.2\nimport PackageDescription\n",
            "let package = Package(name: \"x\", targets: [.target(name: \"Migrations\")])\n",
        ]
        for manifest in manifests {
            try TemporaryProject.with { project throws in
                try project.put(manifest, at: "Package.swift")
                #expect(throws: GeneratorError.self) { try initialize(project) }
                #expect(try project.text("Package.swift") == manifest)
                #expect(!project.writer().exists("db"))
            }
        }
    }

    @Test("a folder without a package is no place to get azu from, and azu can't be its own dependency")
    func packages() throws {
        try TemporaryProject.with { project throws in
            #expect(throws: GeneratorError.self) { try initialize(project, PackageSource(location: "../nowhere")) }
            #expect(throws: GeneratorError.self) {
                try initialize(project, PackageSource(location: "https://example.org/shop"))
            }
            #expect(!project.writer().exists("Package.swift"))

            try project.put("", at: "../Azu-Checkout/Package.swift")
            _ = try initialize(project, PackageSource(location: "../Azu-Checkout"))
            let manifest = try project.text("Package.swift")
            #expect(manifest.contains(#".package(path: "../Azu-Checkout")"#))
            #expect(manifest.contains(#".product(name: "DataMigrations", package: "azu-checkout")"#))
        }
    }

    @Test(
        "a package's identity is the last component of where it is",
        arguments: [
            ("https://example.org/azu", "azu"), ("https://example.org/Azu.git/", "azu"),
            ("git@example.org:azu.git", "azu"),
            ("../Azu", "azu"), ("/opt/azu-main/", "azu-main"), ("..", "projects"), ("../x.git", "x.git"),
        ]
    )
    func identity(location: String, identity: String) {
        let root = URL(filePath: "/home/me/projects/shop", directoryHint: .isDirectory)
        #expect(PackageSource(location: location).identity(root: root) == identity)
    }

    @Test("what the author has to do is said")
    func notes() throws {
        try TemporaryProject.with { project throws in
            let generator = ProjectGenerator(package: url, writer: project.writer())
            try project.put("let package = Package(name: \"x\", platforms: [.macOS(.v13)])\n", at: "Package.swift")
            try project.put("*.o\n", at: ".gitignore")
            #expect(try generator.notes().count == 2)
            try project.put("let package = Package(name: \"x\", platforms: [.macOS(.v15)])\n", at: "Package.swift")
            try project.put(".env\n", at: ".gitignore")
            #expect(try generator.notes().isEmpty)
        }
    }
}
