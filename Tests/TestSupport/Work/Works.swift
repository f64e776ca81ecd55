import DataMigrations
import Database
import Foundation

/// A work of each kind.
extension Work {
    /// How many rows a work has, and how many of them a batch takes.
    package struct Size: Sendable {
        package var rows: Int
        package var batch: Int

        package init(rows: Int, batch: Int) { (self.rows, self.batch) = (rows, batch) }

        /// Small enough to be struck at each statement.
        package static let small = Size(rows: 30, batch: 8)

        fileprivate var options: MigrationOptions { MigrationOptions(batchSize: .fixed(batch)) }

        fileprivate func inserts(_ text: (Int) -> String) -> SQL {
            SQL(raw: (1...rows).map { "(\(text($0)))" }.joined(separator: ", "))
        }
    }

    /// All of them, small.
    package static let all = sized(.small)

    /// All of them.
    package static func sized(_ size: Size) -> [Work] {
        let (update, copy, archive) = (Self.update(size), Self.copy(size), Self.archive(size))
        let (sqlUpdate, sqlArchive) = (Self.sqlUpdate(size), Self.sqlArchive(size))
        return [
            update, copy, fileImport(size), archive, byHand(size), retrying(size), update.with(.rollback),
            copy.with(.rollback), archive.with(.rollback), archive.with(.rollbackOfHalf), update.with(.rollbackOfHalf),
            sqlUpdate, sqlArchive, sqlArchive.with(.rollback),
        ]
    }

    /// The one of a title, if there is such a one.
    package static func titled(_ title: String, _ size: Size = .small) -> Work? {
        sized(size).first { $0.title == title }
    }

    // MARK: Rows are changed

    struct User: Model {
        var id: Int64
        var name: String
        var slug: String?
    }

    private struct FillSlugs: RowMigration {
        var size = Size.small
        var options: MigrationOptions { size.options }
        var rows: Query<User> { User.where("slug IS NULL") }
        func transform(_ user: inout User) { user.slug = "\(user.name)-\(user.id)" }
    }

    private static func users(_ size: Size) -> [SQL] {
        [
            "CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL, slug text)",
            "INSERT INTO users VALUES \(size.inserts { "\($0), 'user \($0)', \($0 % 10 == 0 ? "'kept'" : "NULL")" })",
        ]
    }

    /// Rows are changed in place.
    package static func update(_ size: Size) -> Work {
        Work(
            "update",
            make: { _ in FillSlugs(size: size) },
            tables: { _ in users(size) },
            watched: [("users", "id")],
            contents: ["SELECT id, name, slug FROM users"]
        )
    }

    // MARK: Rows are copied, with children

    struct Post: Model {
        var id: Int64
        var title: String
    }

    struct Article: Model {
        var id: Int64?
        var postID: Int64
        var title: String
    }

    struct Comment: Model {
        var id: Int64?
        var articleID: Int64
        var number: Int64
    }

    private struct CopyPosts: BatchMigration {
        var size = Size.small
        var options: MigrationOptions { size.options }
        var rows: Query<Post> { Post.all }

        func process(_ posts: [Post], _ batch: Batch) async throws {
            let articles = try await batch.insert(posts.map { Article(postID: $0.id, title: $0.title) })
            try await batch.insert(
                articles.pairs(with: posts).flatMap { id, post in
                    (0...1).map { Comment(articleID: id, number: post.id * 10 + Int64($0)) }
                }
            )
        }
    }

    /// Rows are copied to another table, with children that refer to the new ones.
    package static func copy(_ size: Size) -> Work {
        Work(
            "insert with children",
            make: { _ in CopyPosts(size: size) },
            tables: { store in
                let key = SQL(raw: store.numberedKey)
                return [
                    "CREATE TABLE posts (id bigint PRIMARY KEY, title text NOT NULL)",
                    "INSERT INTO posts VALUES \(size.inserts { "\($0), 'post \($0)'" })",
                    "CREATE TABLE articles (\(key), post_id bigint NOT NULL, title text NOT NULL)",
                    "CREATE TABLE comments (\(key), article_id bigint NOT NULL REFERENCES articles, number bigint NOT NULL)",
                ]
            },
            watched: [("articles", "post_id"), ("comments", "number")],
            contents: [
                "SELECT post_id, title FROM articles",
                "SELECT a.post_id, c.number FROM comments c JOIN articles a ON a.id = c.article_id",
            ]
        )
    }

    // MARK: A file is imported

    struct Person: Model {
        var number: Int64
        var name: String

        static let table = "people"
        static let primaryKey = ["number"]
    }

    private struct ImportPeople: BatchMigration {
        var path = ""
        var size = Size.small
        var options: MigrationOptions { size.options }
        var rows: CSVFile<Person> { CSVFile(path) }
        func process(_ people: [Person], _ batch: Batch) async throws { _ = try await batch.insert(people) }
    }

    /// A file is read; no key keeps a row from being inserted twice.
    package static func fileImport(_ size: Size) -> Work {
        Work(
            "file import",
            make: { ImportPeople(path: $0.appending(path: "people.csv").path(percentEncoded: false), size: size) },
            tables: { _ in ["CREATE TABLE people (number bigint NOT NULL, name text NOT NULL)"] },
            watched: [("people", "number")],
            contents: ["SELECT number, name FROM people"]
        ).with(files: [
            "people.csv": "number,name\n" + (1...size.rows).map { "\($0),\"person\n\($0)\"\n" }.joined()
        ])
    }

    // MARK: Rows are moved

    struct Order: Model {
        var id: Int64
        var total: Int
    }

    struct ArchivedOrder: Model {
        var id: Int64
        var total: Int
    }

    private struct ArchiveOrders: BatchMigration {
        var size = Size.small
        var options: MigrationOptions { size.options }
        var rows: Query<Order> { Order.where("total > 0") }

        func process(_ orders: [Order], _ batch: Batch) async throws {
            try await batch.insert(orders.map { ArchivedOrder(id: $0.id, total: $0.total) })
            try await batch.delete(orders)
        }
    }

    /// Rows leave one table and arrive in another.
    package static func archive(_ size: Size) -> Work {
        Work(
            "delete and archive",
            make: { _ in ArchiveOrders(size: size) },
            tables: { _ in
                [
                    "CREATE TABLE orders (id bigint PRIMARY KEY, total bigint NOT NULL)",
                    "INSERT INTO orders VALUES \(size.inserts { "\($0), \($0 % 10)" })",
                    "CREATE TABLE archived_orders (id bigint PRIMARY KEY, total bigint NOT NULL)",
                ]
            },
            watched: [("orders", "id"), ("archived_orders", "id")],
            contents: ["SELECT id, total FROM orders", "SELECT id, total FROM archived_orders"]
        )
    }

    // MARK: In SQL

    private static func sqlFile(_ text: String) -> any DataMigration {
        do {
            return try SQLFileMigration(text, path: "db/data_migrations/20240101120000_data_work.sql")
        } catch {
            fatalError("\(error)")
        }
    }

    /// Rows are changed in place by a file of SQL.
    package static func sqlUpdate(_ size: Size) -> Work {
        let text = """
            -- azu:table users
            -- azu:where slug IS NULL
            -- azu:batch \(size.batch)
            UPDATE users SET slug = name || '-' || id WHERE {range};
            """
        return Work(
            "update in SQL",
            make: { _ in sqlFile(text) },
            tables: { _ in users(size) },
            watched: [("users", "id")],
            contents: ["SELECT id, name, slug FROM users"]
        )
    }

    /// Rows leave one table and arrive in another, by a file of SQL.
    package static func sqlArchive(_ size: Size) -> Work {
        let archive = archive(size)
        let text = """
            -- azu:table orders
            -- azu:where total > 0
            -- azu:batch \(size.batch)
            INSERT INTO archived_orders (id, total) SELECT id, total FROM orders WHERE {range};
            DELETE FROM orders WHERE {range};
            """
        return Work(
            "archive in SQL",
            make: { _ in sqlFile(text) },
            tables: archive.tables,
            watched: archive.watched,
            contents: archive.contents
        )
    }

    // MARK: By hand

    private struct Roles: DataMigration {
        func up(_ migration: MigrationContext) async throws {
            try await migration.step("one") { try await $0.insert([Person(number: 1, name: "one")]) }
            try await migration.inBatches(Order.all.where("id <= 16"), step: "orders") { orders, batch in
                try await batch.insert(orders.map { Person(number: 100 + $0.id, name: "order") })
            }
            try await migration.step("two") { batch in
                try await Order.where("id > 20").deleteAll(in: batch)
                try await batch.insert([Person(number: 2, name: "two")])
            }
        }
    }

    /// Steps and batches by hand.
    package static func byHand(_ size: Size) -> Work {
        Work(
            "steps by hand",
            make: { _ in Roles() },
            tables: { archive(size).tables($0) + fileImport(size).tables($0) },
            watched: [("orders", "id"), ("people", "number")],
            contents: ["SELECT id, total FROM orders", "SELECT number, name FROM people"]
        )
    }

    // MARK: Bad rows

    private struct CheckedSlugs: RowMigration {
        var size = Size.small
        var options: MigrationOptions { size.options }
        var rows: Query<User> { User.where("slug IS NULL") }
        func transform(_ user: inout User) { user.slug = "\(user.name)-\(user.id)" }
    }

    /// Rows that the database refused are mended, and retried.
    package static func retrying(_ size: Size) -> Work {
        Work(
            "retry of bad rows",
            .retry,
            make: { _ in CheckedSlugs(size: size) },
            tables: { store in
                [
                    "CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL, slug text, "
                        + "CHECK (slug IS NULL OR name <> 'bad'))",
                    "INSERT INTO users VALUES \(size.inserts { "\($0), '\($0 % 7 == 0 ? "bad" : "user \($0)")', NULL" })",
                ]
            },
            watched: [("users", "id")],
            contents: ["SELECT id, name, slug FROM users"]
        ).with(mending: ["UPDATE users SET name = 'good' WHERE name = 'bad'"])
    }
}
