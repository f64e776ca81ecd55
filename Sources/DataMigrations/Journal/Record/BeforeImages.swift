import Database

/// The values of rows before they are changed, and after.
struct BeforeImages {
    private let table: String
    private let key: [String]
    private let keys: [Value]
    private let journal: BatchJournal
    private let connection: any DatabaseConnection
    /// The columns that may change; all, if empty.
    private let columns: [String]

    init(
        _ table: String,
        _ key: [String],
        _ keys: [Value],
        columns: [String] = [],
        _ journal: BatchJournal,
        _ connection: any DatabaseConnection
    ) {
        self.table = table
        self.key = key
        self.keys = keys.uniqueRows(width: key.count)
        self.columns = columns
        self.journal = journal
        self.connection = connection
    }

    /// The rows as they are: their keys, and the columns.
    func read() async throws -> ValueTable {
        let schema = try await journal.tables.schema(of: table, connection)
        let isWhole = self.columns.isEmpty || schema?.isPlace(key) ?? false
        let columns = isWhole ? schema?.storedColumns ?? [] : self.columns
        let names = key + columns.filter { !key.contains($0) }
        let select = BulkSelect(
            from: table,
            keyColumns: key,
            keys: keys,
            selection: names.map { "\(identifier: $0)" },
            locks: true
        )
        let rows = try await connection.run([.select(select)])[0].rows ?? Rows(columns: [])
        return rows.isEmpty ? ValueTable(names) : ValueTable(rows)
    }

    /// Puts down what has become of the rows since, as they are stored now.
    func record(_ before: ValueTable) async throws {
        guard before.count > 0 else { return }
        let after = try await read()
        var places: [ExactKey: Int] = [:]
        for row in 0..<after.count { places[ExactKey(after.row(row).prefix(key.count))] = row }
        // One that is not found any more: its key was changed, which nothing but a look at all rows would tell.
        var lost = 0
        var pairs: [(before: Int, after: Int)] = []
        var changed: Set<Int> = []
        for row in 0..<before.count {
            guard let place = places[ExactKey(before.row(row).prefix(key.count))] else {
                lost += 1
                continue
            }
            let columns = before.columns.indices.filter { !before[row, $0].isExactly(after[place, $0]) }
            guard !columns.isEmpty else { continue }
            changed.formUnion(columns)
            pairs.append((row, place))
        }
        if lost > 0 { journal.addOutside("\(lost) keys of \(table) were changed") }
        let isByPlace = try await journal.tables.schema(of: table, connection)?.isPlace(key) ?? false
        let columns = isByPlace ? Array(before.columns.indices.dropFirst(key.count)) : changed.sorted()
        let names = columns.map { before.columns[$0] }
        journal.add(
            .updated(
                UpdatedRows(
                    table: table,
                    keys: ValueTable(key, pairs.flatMap { before.row($0.before).prefix(key.count) }),
                    before: ValueTable(names, pairs.flatMap { pair in columns.map { before[pair.before, $0] } }),
                    after: ValueTable(names, pairs.flatMap { pair in columns.map { after[pair.after, $0] } })
                )
            )
        )
    }
}
