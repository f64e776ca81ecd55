public import Database
public import Foundation
import SQLFiles

/// A file of rows that every database of a project begins with: `db/seeds.sql`.
public struct SeedScript: Sendable {
    /// Where it is, below the project's root.
    public static let path = "db/seeds.sql"

    private let statements: [SQLStatement]

    /// How many statements it has.
    public var count: Int { statements.count }

    /// Reads the file of a project; `nil` if there is none.
    ///
    /// - Parameter root: the project's folder.
    /// - Throws: ``SchemaMigrationError``, ``/SQLFiles/SQLFileError``.
    public init?(root: URL) throws {
        let file = root.appending(path: Self.path).path(percentEncoded: false)
        guard FileManager.default.fileExists(atPath: file) else { return nil }
        guard let data = FileManager.default.contents(atPath: file) else {
            throw SchemaMigrationError(.file, "\(Self.path) can't be read")
        }
        try self.init(Array(data))
    }

    /// Reads the bytes of a file.
    init(_ bytes: [UInt8]) throws {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw SchemaMigrationError(.file, "\(Self.path) is not UTF-8; save it as such")
        }
        let sql = try SQLFile(text, name: Self.path)
        if let directive = sql.directives.first {
            throw SQLFileError(
                file: sql.name,
                position: directive.position,
                message: "-- azu:\(directive.name) means nothing here; the file is run as one transaction"
            )
        }
        statements = try SchemaScript(sql.all, of: sql, isTransactional: true).statements
    }

    /// Runs the statements in one transaction.
    ///
    /// - Parameters:
    ///   - connection: the database.
    ///   - observer: takes what is told on the way.
    /// - Returns: how many rows were changed, as far as the database tells.
    /// - Throws: ``/SQLFiles/SQLFileError`` that tells which statement failed; ``/Database/DatabaseError``.
    @discardableResult
    public func run(
        _ connection: any DatabaseConnection,
        observer: @escaping @Sendable (SchemaEvent) -> Void = { _ in }
    ) async throws -> Int {
        let retry = SchemaRetry(attempts: 10, observer: observer)
        do {
            return try await retry.run(failed: { _ = try? await connection.run([.rollback]) }) { _ in
                try await connection.run([.begin])
                var rows = 0
                for (index, statement) in statements.enumerated() {
                    do {
                        rows += try await connection.run([.unhurried(SQL(raw: statement.text))])[0].changes
                    } catch let error as DatabaseError {
                        throw StatementFailure(statement: statement, index: index, place: Self.path, cause: error)
                    }
                }
                try await connection.run([.commit])
                return rows
            }
        } catch let failure as StatementFailure {
            throw failure.error("none of the file's rows were written")
        }
    }
}
