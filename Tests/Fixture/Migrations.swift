import DataMigrations

/// Small batches, so that there are many moments at which a process can be killed.
private let small = MigrationOptions(batchSize: .fixed(500))

struct UpdateUsers: RowMigration {
    struct User: Model {
        var id: Int64
        var name: String
        var slug: String?
    }

    var options: MigrationOptions { small }
    var rows: Query<User> { User.where("slug IS NULL") }

    func transform(_ user: inout User) throws {
        if user.name == "bad" { throw BadName() }
        user.slug = "\(user.name)-\(user.id)"
    }

    struct BadName: Error, CustomStringConvertible {
        var description: String { "the name is bad" }
    }
}

struct CopyPosts: BatchMigration {
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
        var body: String
    }

    var options: MigrationOptions { small }
    var rows: Query<Post> { Post.all }

    func process(_ posts: [Post], _ batch: Batch) async throws {
        let articles = try await batch.insert(posts.map { Article(postID: $0.id, title: $0.title) })
        try await batch.insert(
            articles.pairs(with: posts).map { Comment(articleID: $0.id, body: "about \($0.source.title)") }
        )
    }
}

struct ArchiveOrders: BatchMigration {
    struct Order: Model {
        var id: Int64
        var total: Int
    }

    struct ArchivedOrder: Model {
        var originalID: Int64
        var total: Int
    }

    var options: MigrationOptions { small }
    var rows: Query<Order> { Order.where("total < 1000") }

    func process(_ orders: [Order], _ batch: Batch) async throws {
        try await batch.insert(orders.map { ArchivedOrder(originalID: $0.id, total: $0.total) })
        try await batch.delete(orders)
    }
}

extension ArchiveOrders.ArchivedOrder {
    static var primaryKey: [String] { ["original_id"] }
}

struct ImportPeople: BatchMigration {
    struct Row: Decodable, Sendable {
        var id: Int64
        var name: String
    }

    struct Person: Model {
        static let table = "people"
        var id: Int64?
        var legacyID: Int64
        var name: String
    }

    var options: MigrationOptions { small }
    var rows: CSVFile<Row> { CSVFile("people.csv") }

    func process(_ rows: [Row], _ batch: Batch) async throws {
        try await batch.insert(rows.map { Person(legacyID: $0.id, name: $0.name) })
    }
}

struct MissingColumn: RowMigration {
    struct User: Model {
        var id: Int64
        var nickname: String?
    }

    var rows: Query<User> { User.all }
    func transform(_ user: inout User) {}
}

struct MissingTable: RowMigration {
    struct Ghost: Model {
        var id: Int64
    }

    var rows: Query<Ghost> { Ghost.all }
    func transform(_ ghost: inout Ghost) {}
}

struct Reversible: DataMigration {
    func up(_ migration: MigrationContext) async throws {
        try await migration.step("mark") { try await $0.execute("UPDATE users SET marked = 1") }
    }

    func down(_ migration: MigrationContext) async throws {
        try await migration.step("unmark") { try await $0.execute("UPDATE users SET marked = 0") }
    }
}

/// Has a `verify` that fails where a user is called `wrong`.
struct MarkUsers: RowMigration {
    struct User: Model {
        var id: Int64
        var name: String
        var marked: Int?
    }

    var options: MigrationOptions { small }
    var rows: Query<User> { User.where("marked IS NULL") }

    func transform(_ user: inout User) throws {
        if user.name == "bad" { throw UpdateUsers.BadName() }
        user.marked = 1
    }

    func verify(_ database: any DatabaseAccess) async throws {
        try await database.expect(none: User.where("name = 'wrong'"))
    }
}

/// Writes something that its journal can't take back, besides what it can.
struct CapOrders: DataMigration {
    func up(_ migration: MigrationContext) async throws {
        try await migration.step("cap") { batch in
            try await ArchiveOrders.Order.where("total > \(1_000)").updateAll("total = \(1_000)", in: batch)
            try await batch.execute("UPDATE posts SET title = upper(title)")
        }
    }
}
