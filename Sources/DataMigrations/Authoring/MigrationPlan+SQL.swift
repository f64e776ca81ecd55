import Checksum
public import Foundation
import MigrationNaming
import SQLFiles

extension SQLFileMigration {
    /// The entry of a file of SQL in a plan.
    ///
    /// - Parameters:
    ///   - path: where it is, below the project's root; its name tells version and name.
    ///   - text: what is in it.
    /// - Returns: the entry.
    /// - Throws: what is wrong with it, in one line with the file, the line and the column.
    public static func entry(path: String, text: String) throws -> MigrationPlan.Entry {
        let entry = MigrationPlan.Entry(sqlFile: path, text: text, sha256: SHA256.hex(of: Array(text.utf8)))
        if let problem = entry.problem { throw problem }
        return entry
    }
}

extension MigrationPlan.Entry {
    /// Makes an entry of a file of SQL that is compiled in.
    ///
    /// What is wrong with the file is thrown by ``MigrationPlan/validate()``.
    ///
    /// - Parameters:
    ///   - path: where it is, below the package's folder; its name tells version and name.
    ///   - text: what is in it.
    ///   - sha256: the SHA-256 of its bytes, in hexadecimal digits.
    public init(sqlFile path: String, text: String, sha256: String) {
        let migration = SQLFileMigration(reading: text, path: path)
        let source = MigrationSource(path: path, sha256: sha256)
        do {
            let name = try MigrationFileName(parsing: String(path.split(separator: "/").last ?? ""))
            var problem: (any Error)?
            do { _ = try migration.file } catch { problem = error }
            self.init(version: name.version, name: name.name, source: source, problem: problem) { migration.anew }
        } catch {
            let place = SQLPosition(line: 1, column: 1)
            let problem = SQLFileError(file: path, position: place, message: String(describing: error))
            self.init(version: path, name: path, source: source, problem: problem) { migration }
        }
    }
}

extension MigrationPlan {
    /// Where data migrations are, below a project's root.
    public static var folder: String { "db/data_migrations" }

    /// This plan with the files of SQL that are in a project's folder.
    ///
    /// A version that the plan has already stays as it is: what is compiled in holds.
    ///
    /// - Parameters:
    ///   - root: the project's root.
    ///   - folder: where the files are, below the root, in folders of their own or not.
    /// - Returns: the plan; the same one, if there is no such folder.
    /// - Throws: what is wrong with a file, in one line with the file, the line and the column.
    public func withSQLFiles(under root: URL, folder: String = MigrationPlan.folder) throws -> MigrationPlan {
        let known = Set(entries.map(\.version))
        let base = root.appending(path: folder).path(percentEncoded: false)
        let names = FileManager.default.enumerator(atPath: base)?.compactMap { $0 as? String } ?? []
        var found: [Entry] = []
        for name in names.sorted() where name.hasSuffix(".sql") {
            let path = "\(folder)/\(name)"
            guard let bytes = FileManager.default.contents(atPath: "\(base)/\(name)") else {
                throw Self.unreadable(path, "it can't be read; see to its permissions")
            }
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw Self.unreadable(path, "it is not in UTF-8")
            }
            let entry = Entry(sqlFile: path, text: text, sha256: SHA256.hex(of: Array(bytes)))
            if known.contains(entry.version) { continue }
            if let problem = entry.problem { throw problem }
            found.append(entry)
        }
        return MigrationPlan(entries + found)
    }

    private static func unreadable(_ path: String, _ problem: String) -> SQLFileError {
        SQLFileError(file: path, position: SQLPosition(line: 1, column: 1), message: problem)
    }
}
