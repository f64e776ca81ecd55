import DataMigrations
import Database

/// The rows of `items` before a migration, and how often each must be visited by it.
struct KeyVisits: Sendable {
    private struct Row: Sendable {
        var done: Int64
        var isMeant: Bool
    }

    private let recipe: KeyRecipe
    private let hasTrigger: Bool
    /// The key of each row.
    private let keys: [[Value]]
    /// The rows by their numbers.
    private let rows: [Int64: Row]

    /// Reads the rows.
    init(
        of recipe: KeyRecipe,
        _ table: KeyTable,
        keys: [[Value]],
        in connection: any DatabaseConnection
    ) async throws {
        self.recipe = recipe
        hasTrigger = table.hasTrigger
        self.keys = keys
        var rows: [Int64: Row] = [:]
        for row in try await connection.query("SELECT slot, kind, done FROM items") {
            let done = row[2].integer ?? 0
            rows[row[0].integer ?? -1] = Row(done: done, isMeant: recipe.isMet(kind: row[1].integer ?? 0, done: done))
        }
        self.rows = rows
    }

    /// What is wrong after a run that went so far, or to its end.
    ///
    /// - Parameters:
    ///   - report: what the run says of itself.
    ///   - connection: the database.
    /// - Returns: one line; `nil` if each row was visited as often as it must, and the run has counted that.
    /// - Throws: ``/Database/DatabaseError``.
    func failure(after report: RunReport, in connection: any DatabaseConnection) async throws -> String? {
        let isOver = report.status == .succeeded
        let seen = try await numbers("SELECT slot, count(*) FROM seen GROUP BY slot", connection)
        let left = try await numbers("SELECT slot, done FROM items", connection)
        var sum = 0
        for (slot, row) in rows.sorted(by: { $0.key < $1.key }) {
            let noted = seen[slot, default: 0]
            if let problem = problem(row, done: left[slot], noted: noted) { return "\(name(slot)) \(problem)" }
            let times = recipe.work == .update ? (left[slot] ?? 0) - row.done : noted
            let most: Int64 = row.isMeant ? 1 : 0
            let least = isOver ? most : 0
            guard times >= least, times <= most else {
                return "\(name(slot)) was visited \(times) times; the run is \(report.status)"
            }
            sum += Int(times)
        }
        let expected = ChangeCounters(
            visited: sum,
            changed: recipe.work == .update ? sum : 0,
            inserted: recipe.work == .update ? 0 : sum,
            deleted: recipe.work == .move ? sum : 0
        )
        return report.counters == expected ? nil : "\(sum) rows were visited; the ledger counts \(report.counters)"
    }

    /// What does not fit together, of a row that has this value now, or is gone.
    private func problem(_ row: Row, done: Int64?, noted: Int64) -> String? {
        guard let done else { return recipe.work == .move && noted > 0 ? nil : "is gone" }
        switch recipe.work {
        case .update:
            let times = done - row.done
            return hasTrigger && noted != times ? "was written \(noted) times, and grew by \(times)" : nil
        case .note: return done == row.done ? nil : "was changed"
        case .move: return noted == 0 ? nil : "is still there, though it was moved"
        }
    }

    private func numbers(_ query: SQL, _ connection: any DatabaseConnection) async throws -> [Int64: Int64] {
        var numbers: [Int64: Int64] = [:]
        for row in try await connection.query(query) { numbers[row[0].integer ?? -1] = row[1].integer }
        return numbers
    }

    /// What a person finds a row by.
    private func name(_ slot: Int64) -> String {
        let key = keys.indices.contains(Int(slot)) ? keys[Int(slot)] : []
        return "row \(slot), with the key (\(key.map { $0.shown }.joined(separator: ", "))),"
    }
}

extension Value {
    /// The value in ASCII: texts that look alike may be different keys.
    fileprivate var shown: String {
        switch self {
        case .null: "NULL"
        case .text(let text): "'" + text.unicodeScalars.map { $0.escaped(asASCII: true) }.joined() + "'"
        case .blob(let bytes):
            "x'" + bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined() + "'"
        default: text ?? ""
        }
    }
}
