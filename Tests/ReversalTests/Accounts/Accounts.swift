import DataMigrations
import Database
import TestSupport

/// A row of a small table, of which a test knows what becomes of each row.
struct Account: Model {
    var id: Int64
    var name: String?
    var mark: String?
}

/// What is made of some accounts.
struct CopiedAccount: Model {
    static let table = "copies"
    var id: Int64?
    var source: Int64
    var note: String?
}

/// The tables of accounts and their copies.
enum Accounts {
    /// Makes accounts 1 to `count`, and an empty table of copies.
    static func make(_ count: Int, _ triggers: Triggers = .none, in connection: any DatabaseConnection) async throws {
        let store: Store = connection.isSQLite ? .sqlite : .postgres
        let statements: [SQL] = [
            "CREATE TABLE accounts (id BIGINT NOT NULL PRIMARY KEY, name TEXT, mark TEXT, extra TEXT)",
            """
            CREATE TABLE copies (\(raw: store.numberedKey), source BIGINT NOT NULL UNIQUE, note TEXT,
            extra TEXT DEFAULT 'extra')
            """,
        ]
        for statement in statements { try await connection.execute(statement) }
        let values = (0..<count).flatMap { row -> [Value] in
            [.integer(Int64(row + 1)), .text("Name \(row + 1)"), .null, .text("extra \(row + 1)")]
        }
        let insert = BulkInsert(into: "accounts", columns: ["id", "name", "mark", "extra"], values: values)
        try await connection.run([.insert(insert)])
        try await triggers.make(on: "accounts", key: "id", text: "name", in: connection)
    }

    /// Marks all accounts.
    struct Mark: RowMigration {
        var batchSize = 10
        var renames = true

        init() {}
        init(batchSize: Int) { self.batchSize = batchSize }
        init(renames: Bool) { self.renames = renames }

        var options: MigrationOptions { MigrationOptions(batchSize: .fixed(batchSize)) }
        var rows: Query<Account> { Account.where("mark IS NULL") }

        func transform(_ account: inout Account) {
            if renames { account.name = (account.name ?? "") + "x" }
            account.mark = "marked"
        }
    }

    /// What a mixed migration does to an account.
    enum Fate: Int64 {
        case marked, deleted, copied, untouched

        init(_ id: Int64) { self = Fate(rawValue: id % 4) ?? .untouched }
    }

    /// Marks some accounts, deletes others, and copies others.
    struct Mix: BatchMigration {
        var batchSize = 10

        init() {}
        init(batchSize: Int) { self.batchSize = batchSize }

        var options: MigrationOptions { MigrationOptions(batchSize: .fixed(batchSize)) }
        var rows: Query<Account> { Account.all }

        func process(_ accounts: [Account], _ batch: Batch) async throws {
            let marked = accounts.filter { Fate($0.id) == .marked }
                .map { Account(id: $0.id, name: $0.name, mark: "marked") }
            try await batch.update(marked, columns: ["mark"])
            let copied = accounts.filter { Fate($0.id) == .copied }
            try await batch.insert(copied.map { CopiedAccount(source: $0.id, note: $0.name) })
            try await batch.delete(accounts.filter { Fate($0.id) == .deleted })
        }
    }
}
