import Database

/// What a rollback would do, and which rows would be in its way.
public struct RollbackPlan: Sendable {
    /// What becomes of the rows of a table.
    public struct Table: Sendable, Hashable, Codable {
        /// The table.
        public var name: String
        /// Rows that get their old values back.
        public var restored = 0
        /// Rows that were deleted, and are inserted again.
        public var reinserted = 0
        /// Rows that were inserted, and are deleted.
        public var removed = 0
    }

    /// The migration's version.
    public internal(set) var version = ""
    /// The migration's name.
    public internal(set) var name = ""
    /// Whether the migration's own `down` takes it back, rather than its journal.
    public internal(set) var usesDown = false
    /// What becomes of the rows, by table.
    public internal(set) var tables: [Table] = []
    /// The first rows that were changed since the migration wrote them.
    public internal(set) var conflicts: [UndoConflict] = []
    /// How many they are in all.
    public internal(set) var conflictCount = 0
    /// What the journal can't take back.
    public internal(set) var outside: [String] = []

    init() {}

    /// A migration that takes itself back.
    init(version: String, name: String) {
        (self.version, self.name, usesDown) = (version, name, true)
    }

    /// How many rows are taken back.
    public var rows: Int { tables.reduce(0) { $0 + $1.restored + $1.reinserted + $1.removed } }

    mutating func add(_ change: JournalChange) {
        let place = tables.firstIndex { $0.name == change.table } ?? tables.count
        if place == tables.count { tables.append(Table(name: change.table)) }
        switch change {
        case .updated: tables[place].restored += change.count
        case .inserted: tables[place].removed += change.count
        case .deleted: tables[place].reinserted += change.count
        }
    }
}

/// Foresees a rollback: reads the journal backwards, and compares with what the tables hold; writes nothing.
struct RollbackForecast {
    let pages: JournalPages
    let tables: KnownTables

    /// How many findings are judged at a time.
    private static var limit: Int { 100_000 }
    private static var shown: Int { 20 }

    /// A row of a table.
    private struct Place: Hashable {
        var table: String
        var key: ExactKey
    }

    /// Goes from one entry back to the first; those behind it are taken back already.
    func run(before cursor: Int64) async throws -> RollbackPlan {
        var plan = RollbackPlan()
        var found: [Found] = []
        let probe = UndoProbe(connection: pages.connection, tables: tables, locks: false)
        try await walk(before: cursor) { change, order in
            plan.add(change)
            let rows = Array(0..<change.count)
            let keys = change.keys
            for (row, finding) in zip(rows, try await probe.look(at: change, rows)) {
                guard case .conflict(let conflict) = finding else { continue }
                let place = Place(table: change.table, key: ExactKey(keys.row(row)))
                found.append(Found(place: place, order: order, conflict: conflict))
            }
            if found.count >= Self.limit {
                try await judge(found, before: cursor, &plan)
                found = []
            }
        }
        try await judge(found, before: cursor, &plan)
        return plan
    }

    /// A row that does not hold what a change wrote.
    private struct Found {
        var place: Place
        var order: Int
        var conflict: UndoConflict
    }

    /// Leaves out what the migration itself wrote over later: that is judged when it is as the earlier change left it.
    private func judge(_ found: [Found], before cursor: Int64, _ plan: inout RollbackPlan) async throws {
        guard !found.isEmpty else { return }
        let latest = try await latestChanges(of: Set(found.map { $0.place }), before: cursor)
        let real = found.filter { latest[$0.place] == $0.order }
        plan.conflictCount += real.count
        plan.conflicts += real.prefix(max(0, Self.shown - plan.conflicts.count)).map { $0.conflict }
    }

    /// For each of some rows, which change was the last one.
    private func latestChanges(of places: Set<Place>, before cursor: Int64) async throws -> [Place: Int] {
        var latest: [Place: Int] = [:]
        try await walk(before: cursor) { change, order in
            let keys = change.keys
            for row in 0..<keys.count {
                let place = Place(table: change.table, key: ExactKey(keys.row(row)))
                if places.contains(place), latest[place] == nil { latest[place] = order }
            }
        }
        return latest
    }

    private func walk(before cursor: Int64, _ body: (JournalChange, _ order: Int) async throws -> Void) async throws {
        var (cursor, order) = (cursor, 0)
        while let page = try await pages.page(before: cursor, rows: 10_000) {
            for change in page.changes.reversed() {
                try await body(change, order)
                order += 1
            }
            cursor = page.first
        }
    }
}
