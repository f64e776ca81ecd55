public import Foundation

/// The folder of a project's schema migrations.
public enum SchemaFolder {
    /// Where it is, below the project's root.
    public static let path = "db/migrations"

    /// Reads the migrations of a project, in the order of their versions.
    ///
    /// Files that don't end with `.sql`, and folders, are passed over.
    ///
    /// - Parameter root: the project's folder.
    /// - Returns: the migrations; none where there is no folder.
    /// - Throws: ``SchemaMigrationError``, ``/SQLFiles/SQLFileError``.
    public static func load(root: URL) throws -> [SchemaMigration] {
        let folder = root.appending(path: path, directoryHint: .isDirectory)
        guard FileManager.default.fileExists(atPath: folder.path(percentEncoded: false)) else { return [] }
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false))
        var migrations: [SchemaMigration] = []
        for name in names.sorted() where name.hasSuffix(".sql") && !name.hasPrefix(".") {
            let file = folder.appending(path: name)
            guard let data = FileManager.default.contents(atPath: file.path(percentEncoded: false)) else {
                throw SchemaMigrationError(.file, "\(path)/\(name) can't be read")
            }
            migrations.append(try SchemaMigration(Array(data), path: "\(path)/\(name)"))
        }
        return try checked(migrations)
    }

    /// Sorts migrations.
    ///
    /// - Throws: ``SchemaMigrationError`` that names both files of a version that stands twice.
    static func checked(_ migrations: [SchemaMigration]) throws -> [SchemaMigration] {
        let sorted = migrations.sorted { VersionOrder.isOlder($0.version, than: $1.version) }
        for (one, other) in zip(sorted, sorted.dropFirst()) where one.version == other.version {
            throw SchemaMigrationError(
                .duplicate,
                "the version \(one.version) stands twice: \(one.path) and \(other.path); rename one of them"
            )
        }
        return sorted
    }
}
