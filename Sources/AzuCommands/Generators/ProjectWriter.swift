import Foundation

/// Writes generated files below a project's root.
///
/// It overwrites nothing unless it is told to.
struct ProjectWriter {
    /// What became of a file.
    enum Action: String {
        case create
        case exists
        case force
        case append
    }

    /// One line of the report: `create db/models/User.swift`.
    struct Outcome: Equatable, CustomStringConvertible {
        var action: Action
        var path: String

        var description: String { "\(action.rawValue) \(path)" }
    }

    var root: URL
    var force = false

    /// Writes files in order.
    func write(_ files: [GeneratedFile]) throws -> [Outcome] {
        try files.map { file in
            let action: Action
            if !exists(file.path) {
                action = .create
            } else if force && !file.isSample {
                action = .force
            } else {
                return Outcome(action: .exists, path: file.path)
            }
            try put(file.contents, at: file.path)
            return Outcome(action: action, path: file.path)
        }
    }

    /// Adds text to the end of a file that is there.
    func append(_ text: String, to path: String) throws -> Outcome {
        try put(try read(path) + text, at: path)
        return Outcome(action: .append, path: path)
    }

    func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: url(path).path(percentEncoded: false))
    }

    func read(_ path: String) throws -> String {
        do {
            return try String(contentsOf: url(path), encoding: .utf8)
        } catch {
            throw GeneratorError("\(path) can't be read: \(error.localizedDescription)")
        }
    }

    /// The names of the files in a folder and the folders in it, each relative to the root; none if there is no folder.
    func files(under folder: String) -> [String] {
        let base = url(folder).path(percentEncoded: false)
        let names = FileManager.default.enumerator(atPath: base)?.compactMap { $0 as? String } ?? []
        return names.map { "\(folder)/\($0)" }.sorted()
    }

    /// What is to be known of files that were there before: one line each.
    func notes() throws -> [String] {
        let ignored = exists(".gitignore") ? try read(".gitignore").split(separator: "\n") : []
        let isIgnored = ignored.contains { $0.hasPrefix(".env") || $0.hasPrefix("/.env") }
        return isIgnored ? [] : ["add .env to .gitignore: it is where passwords of databases go"]
    }

    private func put(_ contents: String, at path: String) throws {
        let file = url(path)
        do {
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data(contents.utf8).write(to: file, options: .atomic)
        } catch {
            throw GeneratorError("\(path) can't be written: \(error.localizedDescription)")
        }
    }

    private func url(_ path: String) -> URL { root.appending(path: path) }
}
