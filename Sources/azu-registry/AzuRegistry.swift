import Foundation

/// `azu-registry OUTPUT PACKAGE-ROOT FILE…`: writes the Swift source that lists the data migrations of a target.
///
/// The plugin MigrationRegistry runs it at build time.
@main enum AzuRegistry {
    static func main() {
        do throws(RegistryError) {
            try run(Array(CommandLine.arguments.dropFirst()))
        } catch {
            let lines = error.problems.map { "error: \($0)\n" }.joined()
            FileHandle.standardError.write(Data(lines.utf8))
            exit(1)
        }
    }

    static func run(_ arguments: [String]) throws(RegistryError) {
        guard arguments.count >= 2 else {
            throw RegistryError(problems: [
                "azu-registry takes an output file, the package's folder, and files of migrations"
            ])
        }
        var files: [(path: String, contents: [UInt8])] = []
        for file in arguments[2...] {
            guard let contents = FileManager.default.contents(atPath: file) else {
                throw RegistryError(problems: ["\(file): the file can't be read"])
            }
            files.append((relative(file, to: arguments[1]), [UInt8](contents)))
        }
        try write(Registry(files: files).source, to: arguments[0])
    }

    /// An unchanged output keeps its modification time, so that nothing that depends on it is built again.
    private static func write(_ source: String, to path: String) throws(RegistryError) {
        let contents = Data(source.utf8)
        guard FileManager.default.contents(atPath: path) != contents else { return }
        do {
            try contents.write(to: URL(filePath: path), options: .atomic)
        } catch {
            throw RegistryError(problems: ["\(path): the file can't be written: \(error.localizedDescription)"])
        }
    }

    private static func relative(_ path: String, to root: String) -> String {
        let folder = root.hasSuffix("/") ? root : root + "/"
        return path.hasPrefix(folder) ? String(path.dropFirst(folder.count)) : path
    }
}
