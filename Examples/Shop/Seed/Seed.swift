import Foundation
import SQLiteDriver
import ShopSchema

/// Makes the shop's database, with the rows that years of use leave behind, and the export of the old shop.
///
///     shop-seed db/data/demo.sqlite db/data/legacy_users.csv 100000
///
/// The same number makes the same rows, but for the dates of orders, which count back from today.
@main struct Seed {
    static func main() async {
        let arguments = CommandLine.arguments.dropFirst().map(\.self)
        guard arguments.count == 3, let users = Int(arguments[2]), users >= 10 else {
            complain("usage: shop-seed DATABASE CSV USERS, with at least 10 users")
            exit(64)
        }
        do {
            try await fill(arguments[0], arguments[1], users: users)
        } catch {
            complain("shop-seed: \(error)")
            exit(1)
        }
    }

    private static func fill(_ path: String, _ csv: String, users: Int) async throws {
        let database = try await SQLiteConnection(path: path)
        for statement in ShopSchema.statements { try await database.execute(statement) }
        try await Users(count: users).insert(into: database)
        try await Posts(count: users / 5, users: users).insert(into: database)
        try await Orders(count: users / 2, users: users).insert(into: database)
        await database.close()
        try LegacyUsers(count: users / 2).write(to: URL(filePath: csv))
    }

    private static func complain(_ line: String) { FileHandle.standardError.write(Data((line + "\n").utf8)) }
}
