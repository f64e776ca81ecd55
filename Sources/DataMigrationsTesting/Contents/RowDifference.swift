/// A row that is not the same on two sides.
struct RowDifference: Sendable, Hashable {
    /// What differs.
    enum Kind: Sendable, Hashable {
        /// The row is on the left side alone; with all of its fields.
        case left([Field])
        /// The row is on the right side alone; with all of its fields.
        case right([Field])
        /// These fields differ.
        case changed([Change])
        /// The table has other columns.
        case columns(left: [String], right: [String])
    }

    /// A column, and what it holds.
    struct Field: Sendable, Hashable {
        var column: String
        var value: StoredField
    }

    /// A column, and what it holds on either side.
    struct Change: Sendable, Hashable {
        var column: String
        var left: StoredField
        var right: StoredField
    }

    /// The table.
    var table: String
    /// The row's key; none where the table has none.
    var key: [Field]
    /// What differs.
    var kind: Kind

    /// One line: `users id=3  slug: 'ada' → NULL`.
    func line(_ left: String, _ right: String) -> String {
        let place = ([table] + key.map { "\($0.column)=\($0.value.shown)" }).joined(separator: " ")
        func text(_ fields: [Field]) -> String {
            let others = fields.filter { !key.contains($0) }
            return others.map { "\($0.column)=\($0.value.shown)" }.joined(separator: ", ")
        }
        switch kind {
        case .left(let fields): return "\(place)  only \(left): \(text(fields))"
        case .right(let fields): return "\(place)  only \(right): \(text(fields))"
        case .changed(let changes):
            let parts = changes.map { "\($0.column): \($0.left.shown) → \($0.right.shown)" }
            return "\(place)  \(parts.joined(separator: "; "))"
        case .columns(let left, let right):
            return "\(place)  columns: \(left.joined(separator: ", ")) → \(right.joined(separator: ", "))"
        }
    }
}

extension Contents {
    /// The rows that are not the same here and there.
    func differences(to right: Contents) -> [RowDifference] {
        Set(tables.keys).union(right.tables.keys).sorted().flatMap { name -> [RowDifference] in
            let (left, right) = (tables[name], right.tables[name])
            guard let shape = left ?? right else { return [] }
            if let left, let right, left.columns != right.columns {
                return [RowDifference(table: name, key: [], kind: .columns(left: left.columns, right: right.columns))]
            }
            return shape.differences(name, left?.rows ?? [], right?.rows ?? [])
        }
    }
}

extension Contents.Table {
    /// The rows that are not the same on two sides of a table.
    func differences(_ name: String, _ left: [[StoredField]], _ right: [[StoredField]]) -> [RowDifference] {
        var rest = Dictionary(grouping: right, by: key(of:))
        var found: [RowDifference] = []
        var alone: [[StoredField]] = []
        for row in left {
            let key = key(of: row)
            if let place = rest[key]?.firstIndex(of: row) { rest[key]?.remove(at: place) } else { alone.append(row) }
        }
        for row in alone {
            let key = key(of: row)
            if let other = rest[key]?.first {
                rest[key]?.removeFirst()
                found.append(difference(name, row, other))
            } else {
                found.append(difference(name, row, nil))
            }
        }
        // What is left of the right side, in its order.
        for row in right {
            guard let place = rest[key(of: row)]?.firstIndex(of: row) else { continue }
            rest[key(of: row)]?.remove(at: place)
            found.append(difference(name, nil, row))
        }
        return found
    }

    /// How two rows of the same key differ, of which one may be missing.
    private func difference(_ name: String, _ left: [StoredField]?, _ right: [StoredField]?) -> RowDifference {
        let row = left ?? right ?? []
        let fields = zip(columns, row).map { RowDifference.Field(column: $0, value: $1) }
        let kind: RowDifference.Kind
        if let left, let right {
            kind = .changed(
                columns.indices.filter { left[$0] != right[$0] }
                    .map { RowDifference.Change(column: columns[$0], left: left[$0], right: right[$0]) }
            )
        } else {
            kind = left == nil ? .right(fields) : .left(fields)
        }
        return RowDifference(table: name, key: key.map { fields[$0] }, kind: kind)
    }
}

extension [RowDifference] {
    /// So many are shown.
    static var most: Int { 20 }

    /// A line for each row, the first of them.
    ///
    /// - Parameters:
    ///   - left: what the left side is: `before`.
    ///   - right: what the right side is: `after`.
    /// - Returns: the lines, below one that says what stands on which side.
    func text(_ left: String, _ right: String) -> String {
        let lines = prefix(Self.most).map { "  " + $0.line(left, right) }
        let rest = count > Self.most ? ["  … and \(count - Self.most) more"] : []
        return (["  (\(left) → \(right))"] + lines + rest).joined(separator: "\n")
    }
}
