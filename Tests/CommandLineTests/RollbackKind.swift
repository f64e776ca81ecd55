import Database
import Testing

/// A migration of the fixture whose rollback is killed.
struct RollbackKind: Sendable, CustomTestStringConvertible {
    var migration: String
    var version: String
    /// What is compared: tables, and those of their columns that no trigger writes.
    var tables: [String: SQL]

    var testDescription: String { migration }

    static let all: [RollbackKind] = [
        RollbackKind(migration: "update_users", version: "20240101000001", tables: ["users": "id, name, slug, marked"]),
        RollbackKind(
            migration: "copy_posts",
            version: "20240101000002",
            tables: ["posts": "*", "articles": "*", "comments": "*"]
        ),
        RollbackKind(
            migration: "archive_orders",
            version: "20240101000003",
            tables: ["orders": "*", "archived_orders": "*"]
        ),
        RollbackKind(migration: "import_people", version: "20240101000004", tables: ["people": "*"]),
    ]
}
