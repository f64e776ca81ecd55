import DataMigrations
import Foundation
import MigrationNaming

/// The values that an option or an argument can take, as far as the command line and the project's files tell.
///
/// What a value is called says what it can be: a new option that takes a `version|name` completes without more ado. No
/// database is asked.
struct ProjectValues {
    /// The migrations that are compiled in, if any are.
    let plan: MigrationPlan?

    /// What an argument can be.
    ///
    /// - Parameters:
    ///   - argument: the argument.
    ///   - words: all that is written, of which `--root` is of interest.
    /// - Returns: all that fits, whatever is written of it already.
    func values(of argument: CommandArgument, _ words: [String]) -> Completion {
        let kind = argument.completionKind
        if let words = kind?.list?.values ?? argument.allValues { return list(words) }
        if kind?.directory != nil { return Completion(.folders) }
        if kind?.file != nil { return Completion(.files) }
        switch argument.valueName {
        case "version|name": return Completion(migrations(beginning: words.last ?? "", root(words)))
        case "env", "environment": return Completion(environments(root(words)))
        case "setting=value": return list(["batch-size=", "workers=", "rows-per-second="])
        case "signal=limit|off": return list(["lag=", "connections=", "locks=", "vacuum=", "wal=", "off"])
        case "folder", "root": return Completion(.folders)
        case "path", "path|url", "file": return Completion(.files)
        default: return Completion()
        }
    }

    private func list(_ words: [String]) -> Completion { Completion(words.map { Completion.Item($0) }) }

    /// Names of migrations; or versions, where a number is written already.
    private func migrations(beginning word: String, _ root: URL) -> [Completion.Item] {
        let value = word.split(separator: "=").last.map(String.init) ?? word
        let wantsVersions = value.first?.isNumber ?? false
        return known(root).map { wantsVersions ? Completion.Item($0.0, $0.1) : Completion.Item($0.1, $0.0) }
    }

    private func known(_ root: URL) -> [(version: String, name: String)] {
        if let plan { return plan.entries.map { ($0.version, $0.name) } }
        let folder = root.appending(path: DataMigrationGenerator.folder)
        let files = try? FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false))
        return (files ?? []).sorted().compactMap { file in
            // A migration in SQL is named as one in Swift is.
            let swift = file.hasSuffix(".sql") ? String(file.dropLast(4)) + ".swift" : file
            return (try? MigrationFileName(parsing: swift)).map { ($0.version, $0.name) }
        }
    }

    /// The environments that have a file of settings.
    private func environments(_ root: URL) -> [Completion.Item] {
        let files = try? FileManager.default.contentsOfDirectory(atPath: root.path(percentEncoded: false))
        let own = (files ?? []).filter { $0.hasPrefix(".env.") }.map { String($0.dropFirst(5)) }
        return Set(own + ["development", "production"]).sorted().map { Completion.Item($0) }
    }

    private func root(_ words: [String]) -> URL {
        var path = "."
        for (index, word) in words.enumerated() {
            if word == "--root", index + 1 < words.count - 1 { path = words[index + 1] }
            if word.hasPrefix("--root=") { path = String(word.dropFirst("--root=".count)) }
        }
        if path.hasPrefix("~/") { path = NSHomeDirectory() + path.dropFirst() }
        return URL(filePath: path, directoryHint: .isDirectory)
    }
}
