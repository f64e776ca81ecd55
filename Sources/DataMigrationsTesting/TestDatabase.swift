public import Database
public import Foundation
import PostgresDriver
import SQLiteDriver

/// A database of a test's own: SQLite in memory, or a schema of a PostgreSQL server.
///
///     try await withDatabase(schema: .file("db/schema.sql")) { database in
///         try await database.insert(User.self, 3) { user, n in user.name = "Ada \(n)" }
///         let report = try await database.run(BackfillUserSlugs.self)
///         #expect(report.counters.changed == 3)
///     }
public struct TestDatabase: DatabaseAccess {
    /// The connection.
    public let connection: any DatabaseConnection
    /// On which database it is.
    public let store: TestStore
    /// Where the paths of files start that migrations read.
    public var root: URL
    private let schema: PostgresSchema?

    /// Opens a database.
    ///
    /// ``withDatabase(_:schema:root:_:)`` also removes it in the end; by hand, ``close()`` does.
    ///
    /// - Parameters:
    ///   - store: which database.
    ///   - schema: its tables; none by default.
    ///   - root: where the paths of files start; the working directory by default.
    /// - Throws: ``/Database/DatabaseError``, or ``TestDatabaseError``.
    public init(_ store: TestStore = .sqlite, schema: TestSchema = .empty, root: URL? = nil) async throws {
        self.store = store
        self.root = root ?? URL(filePath: FileManager.default.currentDirectoryPath)
        switch store.kind {
        case .sqlite:
            self.schema = nil
            connection = try await SQLiteConnection(path: nil)
        case .postgres(let url):
            let made = try await PostgresSchema(on: url)
            self.schema = made
            do {
                connection = try await PostgresConnection(made.url)
            } catch {
                await made.drop()
                throw error
            }
        }
        do {
            let statements = try schema.statements(root: self.root)
            if self.schema != nil { try refuseOtherSchemas(statements) }
            for statement in statements { try await connection.execute(statement) }
        } catch {
            await close()
            throw error
        }
    }

    /// Refuses what would make tables elsewhere.
    private func refuseOtherSchemas(_ statements: [SQL]) throws {
        let texts = statements.map { $0.rendered(for: connection.dialect).text }
        guard texts.contains(where: { $0.lowercased().contains("search_path") }) else { return }
        throw TestDatabaseError(
            "the test's schema sets search_path, as the files of pg_dump do, so that its tables would be made elsewhere; "
                + "remove that line, and the name of the schema before those of tables"
        )
    }

    /// Closes the connection, and removes what was in the database.
    public func close() async {
        await connection.close()
        await schema?.drop()
    }
}

/// Works with a database of a test's own, which is gone in the end.
///
///     try await withDatabase(.postgres, schema: .migrations()) { database in … }
///
/// - Parameters:
///   - store: which database; SQLite in memory by default.
///   - schema: its tables; none by default.
///   - root: where the paths of files start, also those of `schema`; the working directory by default.
///   - body: the work.
/// - Returns: what `body` returns.
/// - Throws: what `body` throws, ``/Database/DatabaseError``, or ``TestDatabaseError``.
public func withDatabase<T>(
    _ store: TestStore = .sqlite,
    schema: TestSchema = .empty,
    root: URL? = nil,
    _ body: (_ database: TestDatabase) async throws -> T
) async throws -> T {
    let database = try await TestDatabase(store, schema: schema, root: root)
    do {
        let result = try await body(database)
        await database.close()
        return result
    } catch {
        await database.close()
        throw error
    }
}
