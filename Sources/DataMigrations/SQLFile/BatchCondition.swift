import Database

/// The rows of a batch, or of a part of it, as a condition that no other row meets: what `{range}` stands for.
///
///     "users"."id" >= $1 AND "users"."id" <= $2 AND (slug IS NULL)
///     "users"."id" = ANY ($1)
///
/// The first form is the faster one. It will do where one statement looks at the rows; where several do, the first one may
/// have changed what the condition is about, and rows may have come up since.
struct BatchCondition: Sendable {
    private enum Form: Sendable {
        /// From one key to another, and those of them that meet the author's condition.
        case stretches([(first: [Value], last: [Value])], filter: SQLTemplate?)
        /// Each row by its key.
        case keys([[Value]])
    }

    private let schema: TableSchema
    private let columns: [String]
    private let dialect: any Dialect
    private let form: Form

    /// Whether each row is named.
    var namesKeys: Bool { if case .keys = form { true } else { false } }

    /// - Parameters:
    ///   - records: the rows, by their numbers in the batch, which rise.
    ///   - table: the batch.
    ///   - isScattered: whether many rows between them are left out.
    ///   - body: what they are for.
    ///   - dialect: the database's words.
    init(_ records: [Int], of table: TableRows, isScattered: Bool, for body: SQLBody, _ dialect: any Dialect) {
        schema = table.schema
        columns = table.keyset.columns
        self.dialect = dialect
        if isScattered || Self.namesKeys(body, of: table, dialect) {
            form = .keys(records.map { table.key($0) })
        } else {
            let stretches = Self.stretches(records).map { (table.key($0.lowerBound), table.key($0.upperBound)) }
            form = .stretches(stretches, filter: body.filter)
        }
    }

    private init(_ schema: TableSchema, _ columns: [String], _ keys: [[Value]], _ dialect: any Dialect) {
        (self.schema, self.columns, self.dialect) = (schema, columns, dialect)
        form = .keys(keys)
    }

    /// Those of the rows that were read, each by its key: none that has come up since is among them.
    func naming(_ images: ValueTable, key: [String]) -> BatchCondition {
        let keys = (0..<images.count).map { row in key.indices.map { images[row, $0] } }
        return BatchCondition(schema, key, keys, dialect)
    }

    /// Whether each row must be named by its key, rather than all by the first and the last one.
    private static func namesKeys(_ body: SQLBody, of table: TableRows, _ dialect: any Dialect) -> Bool {
        // Places of rows have no order that a range could go by.
        if table.schema.blocks != nil, table.schema.isPlace(table.keyset.columns) { return true }
        // Where transactions keep each other out, rows stay as they are until the body changes them.
        if dialect.rowLock == nil { return body.statements.reduce(0) { $0 + $1.ranges.count } > 1 }
        return !body.needsNoLock
    }

    /// How many rows the statements of a body can be run for at a time: each row that is named is a bound value, or more.
    static func mostRows(_ body: SQLBody, of table: TableRows, isScattered: Bool, _ dialect: any Dialect) -> Int {
        guard isScattered || namesKeys(body, of: table, dialect), !dialect.bindsListsAsArrays else { return .max }
        let width = table.keyset.columns.count
        let counts = body.statements.map { statement in
            (dialect.maximumBoundValues - statement.valueCount) / max(1, statement.ranges.count * width)
        }
        return max(1, counts.min() ?? 1)
    }

    /// Numbers as stretches without a gap: those that are left out lie between them.
    private static func stretches(_ records: [Int]) -> [ClosedRange<Int>] {
        records.reduce(into: []) { stretches, record in
            if let last = stretches.last, last.upperBound + 1 == record {
                stretches[stretches.count - 1] = last.lowerBound...record
            } else {
                stretches.append(record...record)
            }
        }
    }

    // MARK: SQL

    /// The condition, for the name that a statement has for the table; its own name by default.
    func sql(called name: String?) -> SQL {
        let called: SQL = name.map { SQL(raw: $0) } ?? "\(identifier: schema.name)"
        let columns = columns.map { "\(called).\(identifier: $0)" as SQL }
        switch form {
        case .keys(let keys): return named(columns, keys)
        case .stretches(let stretches, let filter):
            let pieces = stretches.map { Self.between(columns, $0.first, $0.last) }
            let isOne = pieces.count == 1
            var condition = isOne ? pieces[0] : "(\(SQL.joined(pieces.map { "(\($0))" }, separator: " OR ")))"
            if let filter { condition += " AND (\(filter.sql { _, _ in called }))" }
            return condition
        }
    }

    private static func between(_ columns: [SQL], _ first: [Value], _ last: [Value]) -> SQL {
        guard columns.count > 1 else { return "\(columns[0]) >= \(first[0]) AND \(columns[0]) <= \(last[0])" }
        let names = SQL.joined(columns, separator: ", ")
        return "(\(names)) >= \(first) AND (\(names)) <= \(last)"
    }

    private func named(_ names: [SQL], _ keys: [[Value]]) -> SQL {
        if names.count == 1 { return "\(names[0]) IN \(keys.map { $0[0] })" }
        let list = SQL.joined(names, separator: ", ")
        guard dialect.bindsListsAsArrays else {
            return "(\(list)) IN (VALUES \(SQL.joined(keys.map { "\($0)" }, separator: ", ")))"
        }
        // One array for each column: a list of rows would bind each value by itself.
        let arrays = columns.enumerated().map { place, column in
            let type = SQL(raw: schema.column(column)?.type ?? "text")
            return "CAST(\(Value.array(keys.map { $0[place] })) AS \(type)[])" as SQL
        }
        return "(\(list)) IN (SELECT * FROM unnest(\(SQL.joined(arrays, separator: ", "))))"
    }
}
