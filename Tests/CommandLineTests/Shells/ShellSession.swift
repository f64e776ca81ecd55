import Foundation

/// A shell at a terminal, at which somebody presses keys.
final class ShellSession {
    private let process = Process()
    private let terminal: FileHandle

    /// Starts a shell in a folder.
    ///
    /// - Parameters:
    ///   - command: the shell and its options.
    ///   - folder: where it is started.
    ///   - path: the folder that programs are looked for in first.
    /// - Throws: ``NoTerminal``, or why the shell does not start.
    init(_ command: [String], in folder: URL, path: URL) throws {
        let (own, shells) = try Self.openTerminal()
        terminal = own
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = command
        process.currentDirectoryURL = folder
        var variables = ProcessInfo.processInfo.environment
        variables["PATH"] = "\(path.path(percentEncoded: false)):\(variables["PATH"] ?? "/usr/bin:/bin")"
        variables["HOME"] = folder.path(percentEncoded: false)
        variables["TERM"] = "dumb"
        variables["AZU_ENV"] = nil
        process.environment = variables
        process.standardInput = shells
        process.standardOutput = shells
        process.standardError = shells
        try process.run()
        try? shells.close()
    }

    deinit {
        kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
    }

    /// Types keys, and reads on until a text is printed.
    ///
    /// - Returns: what was printed, also if half a minute passes without it.
    func type(_ keys: String, until text: String) throws -> String {
        try terminal.write(contentsOf: Data(keys.utf8))
        var printed = ""
        let end = ContinuousClock.now + .seconds(30)
        while !printed.contains(text), ContinuousClock.now < end {
            var waited = pollfd(fd: terminal.fileDescriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&waited, 1, 500) > 0 else { continue }
            var bytes = [UInt8](repeating: 0, count: 4_096)
            let count = read(terminal.fileDescriptor, &bytes, bytes.count)
            // The shell has ended.
            guard count > 0 else { break }
            printed += String(decoding: bytes[..<count], as: UTF8.self)
        }
        return printed
    }

    /// A terminal: our end, and the shell's.
    private static func openTerminal() throws -> (FileHandle, FileHandle) {
        var (own, shells): (Int32, Int32) = (-1, -1)
        guard openpty(&own, &shells, nil, nil, nil) == 0 else { throw NoTerminal() }
        return (
            FileHandle(fileDescriptor: own, closeOnDealloc: true),
            FileHandle(fileDescriptor: shells, closeOnDealloc: true)
        )
    }

    /// The machine gives no terminal.
    struct NoTerminal: Error {}
}
