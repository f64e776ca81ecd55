import Foundation

/// Lets the `azu` tool become a project's own program, which has the project's migrations compiled in.
///
/// It is built first, which takes a moment only where something changed, and then replaces this process, so that the
/// terminal and signals are its own.
struct ProjectHandover {
    let arguments: [String]

    /// Replaces this process, if the command is about a database and a project is there.
    ///
    /// - Throws: ``CommandFailure`` if there is none, or it does not build.
    func becomeProject() throws {
        guard let command = arguments.first, command.hasPrefix("db:"), !asksForHelp else { return }
        let root = URL(filePath: option("root") ?? FileManager.default.currentDirectoryPath)
        let manifest = root.appending(path: "Package.swift")
        guard let text = FileManager.default.contents(atPath: manifest.path(percentEncoded: false)),
            String(decoding: text, as: UTF8.self).contains("\"Migrations\"")
        else {
            throw CommandFailure(
                "there is no package with a target Migrations in \(root.path(percentEncoded: false)); azu init makes one"
            )
        }
        let folder = root.path(percentEncoded: false)
        let build = ["swift", "build", "--package-path", folder, "--product", "Migrations", "--quiet"]
        guard try Self.run(build) == 0 else {
            throw CommandFailure("the target Migrations does not build; the compiler's messages stand above")
        }
        let program = root.appending(path: ".build/debug/Migrations").path(percentEncoded: false)
        var argv: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) }
        argv.append(nil)
        execv(program, argv)
        throw CommandFailure("can't start \(program): \(String(cString: strerror(errno)))")
    }

    private var asksForHelp: Bool { arguments.contains { ["-h", "--help", "--help-hidden"].contains($0) } }

    private func option(_ name: String) -> String? {
        for (index, argument) in arguments.enumerated() {
            if argument == "--\(name)" { return arguments.dropFirst(index + 1).first }
            if argument.hasPrefix("--\(name)=") { return String(argument.dropFirst(name.count + 3)) }
        }
        return nil
    }

    private static func run(_ command: [String]) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = command
        // Results on standard output are the project's program's alone.
        process.standardOutput = FileHandle.standardError
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }
}
