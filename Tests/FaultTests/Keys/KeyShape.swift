import Database
import TestSupport

/// A random key: its columns, and the kind of table whose key they are.
struct KeyShape: Sendable {
    /// What the columns are for their table.
    enum Form: Sendable {
        case key
        /// SQLite's own: the key of a table without rowids, and one that takes NULL.
        case keyWithoutRowid, nullableKey
        /// Columns like any others.
        case noKey
    }

    private struct Column: Sendable {
        let name: String
        let kind: any KeyKind
        let isDescending: Bool
        /// The only values that it has, where many rows have the same; else none.
        let shared: [Value]
    }

    let form: Form
    private let columns: [Column]
    /// The columns in the order of the key.
    private let order: [Int]
    /// Whether the key stands in the definition of its only column.
    private let isInline: Bool

    /// Makes one; in a large table, tens of thousands of rows must differ.
    init(in store: Store, isLarge: Bool, using random: inout SplitMix) {
        form = isLarge ? .key : random.pick(Self.forms(in: store))
        let width = random.chance(50) ? 1 : 2 + random.below(3)
        let wide = random.below(width)
        var columns: [Column] = []
        for place in 0..<width {
            let kind =
                place == wide
                ? KeyKinds.wide(in: store, using: &random) : KeyKinds.arbitrary(in: store, using: &random)
            var shared: [Value] = []
            if place != wide, random.chance(60) {
                for _ in 0...random.below(6) { shared.append(kind.value(using: &random)) }
            }
            let isDescending = store == .sqlite && random.chance(40)
            let name = ["a", "Order", "key column", "größe"][place]
            columns.append(Column(name: name, kind: kind, isDescending: isDescending, shared: shared))
        }
        self.columns = columns
        order = Array(0..<width).shuffled(using: &random)
        isInline = store == .sqlite && width == 1 && random.chance(40)
    }

    private static func forms(in store: Store) -> [Form] {
        switch store {
        case .sqlite: [.key, .key, .keyWithoutRowid, .keyWithoutRowid, .nullableKey, .noKey]
        case .postgres: [.key, .key, .key, .key, .noKey]
        }
    }

    /// Whether rows may have to be told apart without the key.
    var isOptional: Bool { form == .nullableKey || form == .noKey }

    var names: [String] { columns.map { $0.name } }

    /// The columns, as CREATE TABLE takes them.
    var definition: String {
        let definitions = columns.map { column -> String in
            var text = "\"\(column.name)\" \(column.kind.type)"
            if isInline, form != .noKey { text += " PRIMARY KEY" + direction(of: column) }
            return isOptional ? text : text + " NOT NULL"
        }
        return definitions.joined(separator: ", ")
    }

    /// What stands behind all columns of the table.
    var end: String {
        var text = ")"
        if form != .noKey, !isInline {
            let parts = order.map { "\"\(columns[$0].name)\"" + direction(of: columns[$0]) }
            text = ", PRIMARY KEY (" + parts.joined(separator: ", ") + "))"
        }
        return form == .keyWithoutRowid ? text + " WITHOUT ROWID" : text
    }

    private func direction(of column: Column) -> String { column.isDescending ? " DESC" : "" }

    /// Makes what the columns' types need.
    ///
    /// - Returns: whether the server has what they take.
    func prepare(_ connection: any DatabaseConnection) async throws -> Bool {
        for column in columns {
            guard try await column.kind.prepare(connection) else { return false }
        }
        return true
    }

    /// The values of some rows, of which several may be the same key for the database.
    func keys(_ count: Int, using random: inout SplitMix) -> [[Value]] {
        var keys: [[Value]] = []
        keys.reserveCapacity(count)
        for _ in 0..<count {
            var key: [Value] = []
            for column in columns {
                if isOptional, random.chance(10) {
                    key.append(.null)
                } else if column.shared.isEmpty {
                    key.append(column.kind.value(using: &random))
                } else {
                    key.append(random.pick(column.shared))
                }
            }
            keys.append(key)
        }
        return keys
    }
}
