import DataMigrations
import DataMigrationsTesting
import Foundation
import Testing

/// Rows of which a test says no more than what it is about.
@Suite(.serialized) struct InsertTests {
    struct Account: Model {
        enum Status: String, Codable { case draft, live }
        enum Level: Int, Codable {
            case low = 7
            case high = 8
        }

        var id: Int64
        var email: String
        var name: String
        var status: Status
        var level: Level
        var isActive: Bool
        var balance: Decimal
        var createdAt: Date
        var nickname: String?
    }

    struct Invoice: Model {
        var id: Int64?
        var accountID: Int64
        var payerID: Int64?
    }

    struct Number: Model {
        static let primaryKey = ["id"]
        var id: Int64
        var number: String
    }

    private func schema(_ store: TestStore) -> TestSchema {
        let json = store == .sqlite ? "json" : "jsonb"
        return .sql(
            """
            CREATE TABLE accounts (\(store.numberedKey), email varchar(255) NOT NULL UNIQUE, name text NOT NULL,
                status text NOT NULL CHECK (status IN ('draft', 'live')), level int NOT NULL, is_active boolean NOT NULL,
                balance numeric(10, 2) NOT NULL, created_at timestamp NOT NULL, nickname text,
                token uuid NOT NULL UNIQUE, settings \(json) NOT NULL, code varchar(6) NOT NULL UNIQUE,
                region text NOT NULL DEFAULT 'eu');
            CREATE TABLE invoices (\(store.numberedKey), account_id bigint NOT NULL REFERENCES accounts (id),
                payer_id bigint REFERENCES accounts (id));
            CREATE TABLE numbers (id \(store == .sqlite ? "INTEGER" : "bigint GENERATED ALWAYS AS IDENTITY") PRIMARY KEY,
                number text NOT NULL);
            """
        )
    }

    @Test(arguments: TestStore.tested) func whatTheTestDoesNotSayIsMadeUp(_ store: TestStore) async throws {
        try await withDatabase(store, schema: schema(store)) { database in
            let accounts = try await database.insert(Account.self, 3) { account, n in
                account.name = "Ada \(n)"
                if n == 3 { account.status = .live }
            }
            #expect(accounts.map(\.id) == [1, 2, 3])
            let stored = try await Account.all.order("id").fetch(in: database)
            #expect(stored.map(\.name) == ["Ada 1", "Ada 2", "Ada 3"])
            #expect(stored.map(\.email) == ["user1@example.com", "user2@example.com", "user3@example.com"])
            #expect(stored.map(\.status) == [.draft, .draft, .live])
            #expect(stored.map(\.level) == [.low, .low, .low])
            #expect(stored.map(\.balance) == [1, 2, 3])
            #expect(stored.map(\.createdAt) == accounts.map(\.createdAt))
            #expect(Set(stored.map(\.createdAt)).count == 3)
            #expect(stored.allSatisfy { $0.nickname == nil && !$0.isActive })
            let others = try await database.lines("SELECT code, region FROM accounts ORDER BY id")
            #expect(others == ["code 1 | eu", "code 2 | eu", "code 3 | eu"])
        }
    }

    @Test(arguments: TestStore.tested) func numbersCountOnFromTheRowsThatAreThere(_ store: TestStore) async throws {
        try await withDatabase(store, schema: schema(store)) { database in
            #expect(try await database.insert(Number.self, 2).map(\.id) == [1, 2])
            try await database.insert(Number.self) { row, _ in row.id = 40 }
            #expect(try await database.insert(Number.self, 2).map(\.number) == ["number 41", "number 42"])
            // And so do the database's own.
            try await database.execute("INSERT INTO numbers (number) VALUES ('by hand')")
            #expect(try await database.lines("SELECT max(id) FROM numbers") == ["43"])
        }
    }

    @Test(arguments: TestStore.tested) func whatRefersToOthersRefersToRowsThatAreThere(_ store: TestStore) async throws
    {
        try await withDatabase(store, schema: schema(store)) { database in
            let error = await #expect(throws: TestDatabaseError.self) { try await database.insert(Invoice.self) }
            #expect(
                error?.description
                    == "invoices.account_id refers to accounts, which has no rows; insert one there first"
            )
            let accounts = try await database.insert(Account.self, 2)
            let invoices = try await database.insert(Invoice.self, 3) { invoice, n in
                if n == 3 { invoice.payerID = accounts[1].id }
            }
            #expect(invoices.map(\.id) == [1, 2, 3])
            let stored = try await database.lines("SELECT id, account_id, payer_id FROM invoices ORDER BY id")
            #expect(stored == ["1 | 1 | NULL", "2 | 2 | NULL", "3 | 1 | 2"])
        }
    }

    @Test func aModelThatDoesNotFitTheTableIsRefused() async throws {
        try await withDatabase(schema: .sql("CREATE TABLE numbers (id INTEGER PRIMARY KEY)")) { database in
            let error = await #expect(throws: TestDatabaseError.self) { try await database.insert(Number.self) }
            #expect(error?.description == "the table numbers has no column number, which Number has a property for")
            await #expect(throws: TestDatabaseError.self) { try await database.insert(Account.self) }
        }
    }
}
