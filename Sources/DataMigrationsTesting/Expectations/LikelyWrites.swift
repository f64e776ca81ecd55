import Database

/// What an application might write to the rows that a migration changes or deletes.
struct LikelyWrites: Sendable {
    /// A table whose rows the migration changes or deletes.
    private struct Target: Sendable {
        var name: String
        /// The keys of these rows.
        var keys: Set<[StoredField]>
        /// The columns that it changes.
        var changed: Set<String>
    }

    private let targets: [Target]
    private let start: Contents
    private let connection: any DatabaseConnection
    /// So many rows of a table are written.
    private static let mostRows = 24

    /// Looks at what a migration did.
    ///
    /// - Parameters:
    ///   - start: what was there before it.
    ///   - end: what it left.
    ///   - connection: the database, as it was before.
    init(from start: Contents, to end: Contents, _ connection: any DatabaseConnection) {
        self.start = start
        self.connection = connection
        let differences = Dictionary(grouping: start.differences(to: end), by: \.table)
        targets = differences.sorted { $0.key < $1.key }.compactMap { name, rows in
            var target = Target(name: name, keys: [], changed: [])
            for row in rows where !row.key.isEmpty {
                switch row.kind {
                case .changed(let changes): target.changed.formUnion(changes.map(\.column))
                case .left: break
                case .right, .columns: continue
                }
                target.keys.insert(row.key.map(\.value))
            }
            return target.keys.isEmpty ? nil : target
        }
    }

    /// Whether there is no row whose update could be lost.
    var isEmpty: Bool { targets.isEmpty }

    /// Sets of writes: of a column of each table that the migration leaves alone, and of one that it changes; or of those
    /// that the test names.
    ///
    /// - Parameter named: columns, as `users.name`.
    /// - Returns: the sets that there are.
    /// - Throws: ``TestDatabaseError`` if a name is no column of a row that the migration changes.
    func sets(named: [String]) async throws -> [[ApplicationWrite]] {
        if !named.isEmpty {
            var sets: [[ApplicationWrite]] = []
            for name in named { sets.append(try await writes(of: name)) }
            return sets
        }
        var (others, same): ([ApplicationWrite], [ApplicationWrite]) = ([], [])
        for target in targets {
            let candidates = try await candidates(of: target.name)
            if let column = candidates.first(where: { !target.changed.contains($0) }) {
                others += try await writes(of: column, target)
            }
            if let column = candidates.first(where: { target.changed.contains($0) }) {
                same += try await writes(of: column, target)
            }
        }
        return [others, same].filter { !$0.isEmpty }
    }

    private func writes(of name: String) async throws -> [ApplicationWrite] {
        let parts = name.split(separator: ".").map(String.init)
        guard parts.count == 2, let target = targets.first(where: { $0.name == parts[0] }),
            try await connection.schema(of: parts[0])?.column(parts[1]) != nil
        else {
            let tables = targets.map(\.name).joined(separator: ", ")
            throw TestDatabaseError("writing: takes columns of \(tables), as \(targets[0].name).name; not \(name)")
        }
        return try await writes(of: parts[1], target)
    }

    /// The columns to which a value can be written that is like the one before, the likeliest first.
    private func candidates(of table: String) async throws -> [String] {
        guard let schema = try await connection.schema(of: table) else { return [] }
        let taken = try await ForeignKey.all(of: table, connection).flatMap(\.columns) + schema.primaryKey
        let columns = schema.columns.filter { column in
            !column.isGenerated && !taken.contains(column.name) && Kind(column.type) != nil
        }
        // A unique column may refuse it, and text with a time in it is no time any more.
        let isHard = { (column: TableSchema.Column) in
            schema.uniqueKeys.contains { $0.contains(column.name) } || column.name.hasSuffix("_at")
        }
        return (columns.filter { !isHard($0) } + columns.filter(isHard)).map(\.name)
    }

    /// Writes of a column, of some of the rows, all over the table.
    private func writes(of column: String, _ target: Target) async throws -> [ApplicationWrite] {
        guard let table = start.tables[target.name], let schema = try await connection.schema(of: target.name),
            let type = schema.column(column)?.type, let kind = Kind(type)
        else { return [] }
        let key = table.key.map { table.columns[$0] }
        let rows = try await connection.query(
            """
            SELECT \(SQL.identifiers(key + [column])) FROM \(identifier: target.name) ORDER BY \(SQL.identifiers(key))
            """
        )
        let places = zip(rows.indices, table.rows).filter { target.keys.contains(table.key(of: $1)) }.map(\.0)
        let step = max(1, (places.count + Self.mostRows - 1) / Self.mostRows)
        return stride(from: 0, to: places.count, by: step).map { number in
            let values = rows[places[number]].values
            return ApplicationWrite(
                table: target.name,
                column: column,
                value: kind.next(values[key.count], number + 1),
                key: key,
                keyValues: Array(values.dropLast())
            )
        }
    }

    /// What a column holds, as far as a write of it can be thought of.
    private enum Kind {
        case text, integer

        init?(_ type: String) {
            let type = type.uppercased()
            if ["CHAR", "TEXT", "CLOB"].contains(where: type.contains), !type.hasSuffix("[]") {
                self = .text
            } else if type.contains("INT"), !type.contains("INTERVAL"), !type.contains("POINT"), !type.hasSuffix("[]") {
                self = .integer
            } else {
                return nil
            }
        }

        /// Another value than the one that is there.
        func next(_ value: Value, _ number: Int) -> Value {
            switch self {
            case .text: .text("\(value.text ?? "")~\(number)")
            case .integer: .integer((value.integer ?? 0) &+ 1)
            }
        }
    }
}
