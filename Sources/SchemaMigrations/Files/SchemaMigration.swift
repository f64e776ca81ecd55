import Checksum
import SQLFiles

/// A schema migration: a file of SQL with a part that makes a change, and one that takes it back.
///
///     -- azu:up
///     CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL);
///
///     -- azu:down
///     DROP TABLE users;
public struct SchemaMigration: Sendable, Hashable {
    /// When it was written.
    ///
    /// Migrations are applied in the order of their versions.
    public let version: String
    /// What it does, as its file is named.
    public let name: String
    /// Its file, below the project's root.
    public let path: String
    /// The SHA-256 of the file's bytes, in hexadecimal digits.
    public let sha256: String
    /// What makes the change.
    public let up: SchemaScript
    /// What takes it back; `nil` if there is no way back: no such part, or no statement in it.
    public let down: SchemaScript?
    /// The data migrations that must be executed and verified before, by their versions or names.
    public let requirements: [String]

    /// Reads a file.
    ///
    /// - Parameters:
    ///   - bytes: what is in it.
    ///   - path: the file, below the project's root.
    /// - Throws: ``SchemaMigrationError`` if its name can't be that of a migration, or it is not UTF-8;
    ///   ``/SQLFiles/SQLFileError`` for what it holds.
    public init(_ bytes: [UInt8], path: String) throws {
        let fileName = path.split(separator: "/").last.map(String.init) ?? path
        guard let parts = SchemaFileName(parsing: fileName) else {
            throw SchemaMigrationError(.file, "\(path): a schema migration's file is named <version>_<name>.sql")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw SchemaMigrationError(.file, "\(path) is not UTF-8; save it as such")
        }
        let file = try SQLFile(text, name: path)
        let header = try SchemaHeader(file)
        (version, name, self.path) = (parts.version, parts.name, path)
        sha256 = SHA256.hex(of: bytes)
        up = try SchemaScript(header.up, of: file, isTransactional: header.isUpTransactional)
        let down = try header.down.map { down throws(SQLFileError) in
            try SchemaScript(down, of: file, isTransactional: header.isDownTransactional)
        }
        // A part that nobody has filled must not pass for a way back.
        self.down = down?.statements.isEmpty == false ? down : nil
        requirements = header.requirements
    }

    /// What a person finds it by.
    public var label: String { "\(version) \(name)" }
}
