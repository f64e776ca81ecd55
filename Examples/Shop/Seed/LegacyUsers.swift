import Foundation

/// The export of the old shop: a CSV file in which one record in 500 is bad.
struct LegacyUsers {
    var count: Int

    private static let header =
        "id,email,full_name,password_hash,created_at,bio,location,website,email_notifications,theme\n"

    func write(to file: URL) throws {
        try Data(Self.header.utf8).write(to: file)
        let handle = try FileHandle(forWritingTo: file)
        defer { try? handle.close() }
        try handle.seekToEnd()
        var dice = Dice(seed: 3)
        var emails: [String] = []
        var text = ""
        for number in 1...count {
            emails.append("legacy." + People.email(number, &dice))
            var record = record(number, emails[number - 1], &dice)
            if number % 500 == 250 { spoil(&record, number, emails) }
            text += record.map(Self.quoted).joined(separator: ",") + "\n"
            if text.utf8.count > 1 << 20 || number == count {
                try handle.write(contentsOf: Data(text.utf8))
                text = ""
            }
        }
    }

    private func record(_ number: Int, _ email: String, _ dice: inout Dice) -> [String] {
        let word = dice.pick(People.words)
        let bio = "likes \"\(word)\", \(dice.pick(People.words))" + (dice.chance(5) ? "\nand two lines" : "")
        return [
            String(10 + number * 3),
            dice.chance(40) ? People.untidied(email, &dice) : email,
            People.name(&dice),
            "$2a$10$" + String(dice.next(), radix: 36),
            date(&dice),
            dice.chance(20) ? "" : bio,
            dice.pick(["Berlin", "Oslo, NO", "", "São Paulo", "Lagos"]),
            dice.chance(50) ? "" : "https://\(word).example",
            dice.pick(["0", "1", "yes", "no"]),
            dice.pick(["dark", "light", "", "solarized"]),
        ]
    }

    /// Makes a record one that can't be imported, in one of five ways.
    private func spoil(_ record: inout [String], _ number: Int, _ emails: [String]) {
        switch number / 500 % 5 {
        case 0: record[4] = "2019-02-30 10:00:00"
        case 1: record[1] = ""
        case 2: record[0] = "x" + record[0]
        case 3: record[1] = emails[number / 2].uppercased()
        default: record[1] = "   "
        }
    }

    private func date(_ dice: inout Dice) -> String {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let (month, day) = (two(1 + dice.roll(12)), two(1 + dice.roll(28)))
        return "\(2012 + dice.roll(8))-\(month)-\(day) \(two(dice.roll(24))):\(two(dice.roll(60))):00"
    }

    /// A field, in quotes where it needs them.
    private static func quoted(_ field: String) -> String {
        guard field.utf8.contains(where: { ",\"\n".utf8.contains($0) }) else { return field }
        return "\"" + field.replacing("\"", with: "\"\"") + "\""
    }
}
