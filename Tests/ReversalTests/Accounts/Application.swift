import DataMigrations
import Database
import TestSupport

/// An application that writes at random between a migration and its rollback, and what must be left then.
struct Application {
    /// What it does to a row.
    private enum Write: CaseIterable {
        case other, same, delete, replace, restore
    }

    private(set) var log: [String] = []
    /// The accounts whose change can't be taken back, and those that are gone besides.
    private var changed: Set<Int64> = []
    private var gone: Set<Int64> = []
    /// The copies that were changed, by what they are copies of.
    private var changedCopies: Set<Int64> = []
    private var goneCopies: Set<Int64> = []
    /// The accounts of which another column was written.
    private var touched: Set<Int64> = []
    /// Deleted accounts that are there again, as they were.
    private var restored: Set<Int64> = []

    /// Writes some of the rows behind a mixed migration.
    mutating func write(
        _ count: Int,
        _ share: Int,
        in connection: any DatabaseConnection,
        using random: inout SplitMix
    ) async throws {
        for id in 1...max(1, Int64(count)) where id <= count && random.chance(share) {
            let kind = random.pick(Write.allCases)
            log.append("\(kind) \(id)")
            switch Accounts.Fate(id) {
            case .marked: try await write(kind, toMarked: id, connection)
            case .deleted: try await write(kind, toDeleted: id, connection)
            case .copied: try await write(kind, toCopied: id, connection)
            case .untouched:
                touched.insert(id)
                try await connection.execute("UPDATE accounts SET extra = 'application' WHERE id = \(id)")
            }
        }
    }

    private mutating func write(_ write: Write, toMarked id: Int64, _ connection: any DatabaseConnection) async throws {
        switch write {
        case .other:
            touched.insert(id)
            try await connection.execute("UPDATE accounts SET extra = 'application' WHERE id = \(id)")
        case .same, .restore:
            changed.insert(id)
            try await connection.execute("UPDATE accounts SET mark = 'application' WHERE id = \(id)")
        case .delete:
            gone.insert(id)
            try await connection.execute("DELETE FROM accounts WHERE id = \(id)")
        case .replace:
            changed.insert(id)
            touched.insert(id)
            try await connection.execute("DELETE FROM accounts WHERE id = \(id)")
            try await connection.execute(
                """
                INSERT INTO accounts (id, name, mark, extra)
                VALUES (\(id), \("Name \(id)"), 'application', 'application')
                """
            )
        }
    }

    private mutating func write(_ write: Write, toDeleted id: Int64, _ connection: any DatabaseConnection) async throws
    {
        if write == .other || write == .delete { return }
        let isSame = write == .restore
        if isSame { restored.insert(id) } else { changed.insert(id) }
        let (mark, extra): (String?, String) = isSame ? (nil, "extra \(id)") : ("application", "application")
        try await connection.execute(
            "INSERT INTO accounts (id, name, mark, extra) VALUES (\(id), \("Name \(id)"), \(mark), \(extra))"
        )
    }

    private mutating func write(_ write: Write, toCopied id: Int64, _ connection: any DatabaseConnection) async throws {
        switch write {
        case .other, .restore:
            changedCopies.insert(id)
            try await connection.execute("UPDATE copies SET extra = 'application' WHERE source = \(id)")
        case .same, .replace:
            changedCopies.insert(id)
            try await connection.execute("UPDATE copies SET note = 'application' WHERE source = \(id)")
        case .delete:
            goneCopies.insert(id)
            try await connection.execute("DELETE FROM copies WHERE source = \(id)")
        }
    }
}

// MARK: - What must be left

extension Application {
    /// How many rows a rollback can't take back.
    func conflicts(_ policy: ConflictPolicy) -> Int {
        // A row that is gone can't be overwritten either.
        policy == .force ? gone.count : changed.count + gone.count + changedCopies.count
    }

    /// How many rows are as they were already.
    var settled: Int { restored.count + goneCopies.count }

    /// The accounts that a rollback reports.
    func reportedAccounts(_ policy: ConflictPolicy) -> Set<Int64> { policy == .force ? gone : changed.union(gone) }

    /// The accounts that a rollback leaves: id, name, mark, extra.
    func accounts(_ count: Int, _ policy: ConflictPolicy) -> [[String?]] {
        (0..<count).compactMap { row in
            let id = Int64(row + 1)
            if gone.contains(id) { return nil }
            let isLeft = changed.contains(id) && policy != .force
            let isReplaced = isLeft && Accounts.Fate(id) == .deleted
            let extra = touched.contains(id) || isReplaced ? "application" : "extra \(id)"
            return ["\(id)", "Name \(id)", isLeft ? "application" : nil, extra]
        }
    }

    /// The accounts of which copies are left.
    func copies(_ policy: ConflictPolicy) -> [String] {
        policy == .force ? [] : changedCopies.sorted().map { "\($0)" }
    }
}
