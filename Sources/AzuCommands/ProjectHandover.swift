import DataMigrations
import Foundation

/// Lets the `azu` tool become a project's own program, which has the project's migrations compiled in.
///
/// It is built first, which takes a moment only where something changed, and then replaces this process, so that the
/// terminal and signals are its own. A project without a package has migrations in SQL alone, which the tool runs itself.
struct ProjectHandover {
    let arguments: [String]

    /// Replaces this process, if the command is about data migrations and a package is there.
    ///
    /// - Returns: the migrations in SQL of a project that has no package; `nil` for a command that is not about them.
    /// - Throws: ``CommandFailure`` if there is no project, its package does not build, or it has migrations in Swift and no
    ///   package; what is wrong with a file of SQL.
    func becomeProject() throws -> MigrationPlan? {
        guard let command = arguments.first, needsDataMigrations(command), !asksForHelp else { return nil }
        let root = URL(filePath: arguments.value(of: "root") ?? FileManager.default.currentDirectoryPath)
        let manifest = root.appending(path: "Package.swift")
        guard let text = FileManager.default.contents(atPath: manifest.path(percentEncoded: false)),
            String(decoding: text, as: UTF8.self).contains("\"Migrations\"")
        else { return try sqlPlan(root) }
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

    /// The migrations of a project without a package.
    private func sqlPlan(_ root: URL) throws -> MigrationPlan {
        let place = root.standardizedFileURL.path(percentEncoded: false)
        let writer = ProjectWriter(root: root)
        guard writer.exists("db") else {
            throw CommandFailure(
                "there is no project in \(place): no package with a target Migrations, and no folder db; azu init makes a "
                    + "package, azu init --sql a project without one"
            )
        }
        let files = writer.files(under: MigrationPlan.folder)
        if let swift = files.first(where: { $0.hasSuffix(".swift") }) {
            throw CommandFailure(
                "\(swift) is in Swift, and there is no package with a target Migrations in \(place) to compile it; azu init "
                    + "makes one"
            )
        }
        return try MigrationPlan().withSQLFiles(under: root)
    }

    /// Whether a command is about data migrations; the others need no build.
    private func needsDataMigrations(_ command: String) -> Bool {
        command.hasPrefix("db:data:") || command == "db:status"
            || (command.hasPrefix("db:") && arguments.contains("--with-data"))
    }

    private var asksForHelp: Bool { arguments.contains { ["-h", "--help", "--help-hidden"].contains($0) } }

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
