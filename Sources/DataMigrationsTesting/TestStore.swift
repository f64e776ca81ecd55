import Foundation

/// On which database a test runs.
///
///     @Test(arguments: TestStore.all) func fillsSlugs(_ store: TestStore) async throws {
///         try await withDatabase(store, schema: .file("db/schema.sql")) { database in … }
///     }
public struct TestStore: Sendable, Hashable, CustomStringConvertible {
    enum Kind: Sendable, Hashable {
        case sqlite
        /// The server's URL; that of the environment, if there is none.
        case postgres(String?)
    }

    let kind: Kind

    /// SQLite, in memory.
    public static let sqlite = TestStore(kind: .sqlite)

    /// A schema of its own on the PostgreSQL server that the variable `AZU_TEST_DATABASE_URL` names.
    public static let postgres = TestStore(kind: .postgres(nil))

    /// A schema of its own on a PostgreSQL server: `postgresql://shop@localhost/shop_test`.
    ///
    /// The role must be allowed to make schemas in that database.
    public static func postgres(_ url: String) -> TestStore { TestStore(kind: .postgres(url)) }

    /// Those that there are: SQLite, and PostgreSQL where `AZU_TEST_DATABASE_URL` is set.
    public static var all: [TestStore] { server == nil ? [.sqlite] : [.sqlite, .postgres] }

    /// `SQLite` or `PostgreSQL`.
    public var description: String {
        switch kind {
        case .sqlite: "SQLite"
        case .postgres: "PostgreSQL"
        }
    }

    /// The server of the environment.
    static var server: String? {
        ProcessInfo.processInfo.environment[variable].flatMap { $0.isEmpty ? nil : $0 }
    }

    static let variable = "AZU_TEST_DATABASE_URL"
}
