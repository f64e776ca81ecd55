import Database

/// What a part of a run is.
enum SliceKind: String, Sendable {
    /// A table as a whole, of which ranges are cut one by one; its cursor is where the next one starts.
    case whole
    /// A range of a table.
    case table
    /// A file, or a source of the author's own.
    case stream
    /// Rows that came up while the others were worked on.
    case sweep
    /// A step of a migration by hand; or all of it.
    case step
    /// The journal, backwards.
    case journal
    /// A table that a verification compares with another one: its cursor is the last key that was hashed, its upper bound
    /// the number of rows and the sum of hashes up to there, its lower bound what is compared.
    case verify
}

/// A part of a run that is to be opened.
struct NewSlice: Sendable {
    var step: String
    var number: Int
    var kind: SliceKind
    var keyColumns: [String]?
    var lower: String?
    var upper: String?
    var total: Int?
}

/// The columns of a key as one text: `id`, `tenant,id`; as JSON, where a name has a comma in it.
enum KeyColumns {
    static func text(_ names: [String]) -> String {
        guard names.contains(where: { $0.contains(",") || $0.hasPrefix("[") }) else {
            return names.joined(separator: ",")
        }
        return StoredValue.text(of: names.map(Value.text))
    }

    static func names(_ text: String) -> [String] {
        if text.hasPrefix("["), let values = StoredValue.values(of: text) { return values.compactMap(\.text) }
        return text.split(separator: ",").map(String.init)
    }
}

/// A row of `data_migration_slices`.
struct SliceRecord: Sendable {
    var id: Int64
    var step: String
    var number: Int
    var kind: SliceKind
    var keyColumns: [String]
    var lower: String?
    var upper: String?
    var cursor: String?
    var position: Int?
    /// Whether rows leave the migration's condition when they are processed; `nil` while that is not known.
    var empties: Bool?
    /// How many rows were counted when the run began.
    var total: Int?
    var isDone: Bool
    var owner: String?
    var epoch: Int64
    /// Why it waits; `nil` if it does not.
    var waiting: String?
    /// How many batches were committed.
    var batches: Int
    var counters: ChangeCounters

    init(_ row: Row) {
        func integer(_ column: String) -> Int { Int(row[column].integer ?? 0) }
        id = row["id"].integer ?? 0
        step = row["step"].text ?? ""
        number = integer("number")
        kind = row["kind"].text.flatMap(SliceKind.init) ?? .step
        keyColumns = row["key_columns"].text.map(KeyColumns.names) ?? []
        lower = row["lower_bound"].text
        upper = row["upper_bound"].text
        cursor = row["cursor"].text
        position = row["position"].integer.map(Int.init)
        empties = row["empties"].integer.map { $0 != 0 }
        total = row["total"].integer.map(Int.init)
        isDone = row["status"].text == "done"
        owner = row["owner"].text
        epoch = row["epoch"].integer ?? 0
        batches = integer("batches")
        waiting = row["waiting"].text
        counters = ChangeCounters(
            visited: integer("visited"),
            changed: integer("changed"),
            inserted: integer("inserted"),
            deleted: integer("deleted"),
            skipped: integer("skipped"),
            quarantined: integer("quarantined")
        )
    }
}
