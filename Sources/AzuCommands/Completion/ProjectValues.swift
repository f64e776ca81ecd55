import DataMigrations
import Foundation
import MigrationNaming
import SchemaMigrations

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
    ///   - words: all that is written, of which the command and `--root` are of interest.
    /// - Returns: all that fits, whatever is written of it already.
    func values(of argument: CommandArgument, _ words: [String]) -> Completion {
        let kind = argument.completionKind
        if let words = kind?.list?.values ?? argument.allValues { return list(words) }
        if kind?.directory != nil { return Completion(.folders) }
        if kind?.file != nil { return Completion(.files) }
        let word = words.last ?? ""
        switch argument.valueName {
        case "version|name": return Completion(migrations(beginning: word, words))
        case "env", "environment": return Completion(environments(root(words)))
        case "name=value": return Completion(parameters(root(words)))
        case "tag": return list(entries(root(words)).reduce(into: Set<String>()) { $0.formUnion($1.tags) }.sorted())
        case "column": return list(columns(beginning: word))
        case "setting=value": return list(["batch-size=", "workers=", "rows-per-second="])
        case "signal=limit|off": return list(["lag=", "connections=", "locks=", "vacuum=", "latency=", "wal=", "off"])
        case "folder", "root": return Completion(.folders)
        case "path", "path|url", "file": return Completion(.files)
        default: return Completion()
        }
    }

    private func list(_ words: [String]) -> Completion { Completion(words.map { Completion.Item($0) }) }

    /// Names of migrations; or versions, where a number is written already.
    private func migrations(beginning word: String, _ words: [String]) -> [Completion.Item] {
        let value = word.split(separator: "=").last.map(String.init) ?? word
        let wantsVersions = value.first?.isNumber ?? false
        return known(words).map { wantsVersions ? Completion.Item($0.0, $0.1) : Completion.Item($0.1, $0.0) }
    }

    /// The migrations that a command is about: those of the schema, of data, or both.
    private func known(_ words: [String]) -> [(version: String, name: String)] {
        let root = root(words)
        guard let command = words.first, command.hasPrefix("db:"), !command.hasPrefix("db:data:") else {
            return data(root)
        }
        let both = schema(root) + (words.contains("--with-data") ? data(root) : [])
        return both.sorted { VersionOrder.isOlder($0.version, than: $1.version) }
    }

    private func data(_ root: URL) -> [(version: String, name: String)] {
        if let plan { return plan.entries.map { ($0.version, $0.name) } }
        return files(MigrationPlan.folder, root).compactMap { file in
            (try? MigrationFileName(parsing: file)).map { ($0.version, $0.name) }
        }
    }

    private func schema(_ root: URL) -> [(version: String, name: String)] {
        files(SchemaFolder.path, root).compactMap { SchemaFileName(parsing: $0) }.map { ($0.version, $0.name) }
    }

    private func files(_ folder: String, _ root: URL) -> [String] {
        let path = root.appending(path: folder).path(percentEncoded: false)
        return (try? FileManager.default.contentsOfDirectory(atPath: path))?.sorted() ?? []
    }

    /// The migrations of this program, or those in SQL.
    ///
    /// What is in Swift can't be read without a compiler.
    private func entries(_ root: URL) -> [MigrationPlan.Entry] {
        (plan ?? (try? MigrationPlan().withSQLFiles(under: root)))?.entries ?? []
    }

    /// What the migrations are given, each with what it is.
    private func parameters(_ root: URL) -> [Completion.Item] {
        var seen: Set<String> = []
        return entries(root).flatMap(\.parameters).filter { seen.insert($0.name).inserted }
            .map { Completion.Item("\($0.name)=", $0.help) }
    }

    /// The types of a column whose name is written.
    private func columns(beginning word: String) -> [String] {
        guard let colon = word.firstIndex(of: ":"), !word[word.index(after: colon)...].contains(":") else { return [] }
        return ColumnType.names.map { word[...colon] + $0 }
    }

    /// The environments that have a file of settings.
    private func environments(_ root: URL) -> [Completion.Item] {
        let files = try? FileManager.default.contentsOfDirectory(atPath: root.path(percentEncoded: false))
        let own = (files ?? []).filter { $0.hasPrefix(".env.") }.map { String($0.dropFirst(5)) }
        return Set(own + ["development", "production"]).sorted().map { Completion.Item($0) }
    }

    private func root(_ words: [String]) -> URL {
        // The last word is not written to its end.
        var path = words.dropLast().value(of: "root") ?? "."
        if path.hasPrefix("~/") { path = NSHomeDirectory() + path.dropFirst() }
        return URL(filePath: path, directoryHint: .isDirectory)
    }
}
