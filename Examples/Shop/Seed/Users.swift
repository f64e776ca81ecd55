import Database
import Foundation

/// The accounts: three in ten have an untidy address, one in a hundred has another one's, most have no slug.
struct Users {
    var count: Int

    func insert(into database: any DatabaseConnection) async throws {
        var dice = Dice(seed: 1)
        var emails: [String] = []
        var start = 1
        while start <= count {
            let end = min(start + 10_000, count + 1)
            var values: [Value] = []
            for id in start..<end {
                let email = People.email(id, &dice)
                emails.append(email)
                let name = People.name(&dice)
                let createdAt = Self.opening.addingTimeInterval(Double(dice.roll(120_000_000)))
                values.append(.integer(Int64(id)))
                values.append(.text(name))
                values.append(.text(stored(email, id, emails, &dice)))
                values.append(slug(id, &dice))
                values.append(.date(createdAt))
            }
            let columns = ["id", "name", "email", "slug", "created_at"]
            let insert = BulkInsert(into: "users", columns: columns, values: values)
            try await database.run([.begin, .insert(insert), .commit])
            start = end
        }
    }

    /// 2020-01-01.
    static let opening = Date(timeIntervalSince1970: 1_577_836_800)

    /// The address in the table.
    ///
    /// Those of the numbers 87, 187 and so on are taken twice or three times.
    private func stored(_ email: String, _ id: Int, _ emails: [String], _ dice: inout Dice) -> String {
        if id > 100, id % 100 == 37 { return emails[id - 51].uppercased() + " " }
        if id > 100, id % 1_000 == 139 { return emails[id - 53] + "\t" }
        return dice.chance(30) ? People.untidied(email, &dice) : email
    }

    private func slug(_ id: Int, _ dice: inout Dice) -> Value {
        switch dice.roll(100) {
        case 0: .text("chosen-\(id)")
        case 1...5: ""
        default: .null
        }
    }
}
