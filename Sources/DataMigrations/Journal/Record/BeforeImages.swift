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

    /// What is read of a row: its key, and the columns that may change; all, if they are not known, or a row is told by
    /// all that it holds.
    static func names(_ schema: TableSchema?, _ key: [String], _ columns: [String]) -> [String] {
        let isWhole = columns.isEmpty || schema?.isPlace(key) ?? false
        return key + (isWhole ? schema?.storedColumns ?? [] : columns).filter { !key.contains($0) }
    }

    /// The rows as they are: their keys, and the columns.
    func read() async throws -> ValueTable {
        let names = Self.names(try await journal.tables.schema(of: table, connection), key, columns)
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
        try await record(before, after: try await read())
    }

    /// Puts down what has become of rows that were read, or came back from the statement, afterwards.
    ///
    /// - Parameters:
    ///   - before: the rows before, the key first.
    ///   - after: the rows afterwards, with the same columns.
    ///   - keysStay: whether a row that is not there afterwards is one that was left alone, rather than one whose key was
    ///     changed.
    /// - Returns: how many of the rows afterwards are none of those before.
    /// - Throws: ``/Database/DatabaseError``.
    @discardableResult
    func record(_ before: ValueTable, after: ValueTable, keysStay: Bool = false) async throws -> Int {
        guard before.count > 0 else { return after.count }
        let finder = RowFinder(after, width: key.count)
        // One that is not found any more: its key was changed, which nothing but a look at all rows would tell.
        var lost = 0
        var pairs: [(before: Int, after: Int)] = []
        var changed: Set<Int> = []
        for row in 0..<before.count {
            guard let place = finder.place(of: row, in: before) else {
                lost += 1
                continue
            }
            var isChanged = false
            for column in before.columns.indices where !before[row, column].isExactly(after[place, column]) {
                isChanged = true
                changed.insert(column)
            }
            if isChanged { pairs.append((row, place)) }
        }
        if lost > 0, !keysStay { journal.addOutside("\(lost) keys of \(table) were changed") }
        let isByPlace = try await journal.tables.schema(of: table, connection)?.isPlace(key) ?? false
        let columns = isByPlace ? Array(before.columns.indices.dropFirst(key.count)) : changed.sorted()
        let names = columns.map { before.columns[$0] }
        let (old, new) = (pairs.map(\.before), pairs.map(\.after))
        journal.add(
            .updated(
                UpdatedRows(
                    table: table,
                    keys: ValueTable(key, before.values(of: old, columns: key.indices)),
                    before: ValueTable(names, before.values(of: old, columns: columns)),
                    after: ValueTable(names, after.values(of: new, columns: columns))
                )
            )
        )
        return after.count - (before.count - lost)
    }
}

/// Finds rows by their keys: where they were before, as nearly always, or anywhere.
private final class RowFinder {
    private let rows: ValueTable
    private let width: Int
    private lazy var places: [ExactKey: Int] = {
        var places: [ExactKey: Int] = [:]
        for row in 0..<rows.count { places[ExactKey(rows.row(row).prefix(width))] = row }
        return places
    }()

    init(_ rows: ValueTable, width: Int) {
        self.rows = rows
        self.width = width
    }

    /// The row that has the key of one of another table with the same columns.
    func place(of row: Int, in others: ValueTable) -> Int? {
        let isThere = row < rows.count && (0..<width).allSatisfy { rows[row, $0].isExactly(others[row, $0]) }
        return isThere ? row : places[ExactKey(others.row(row).prefix(width))]
    }
}
