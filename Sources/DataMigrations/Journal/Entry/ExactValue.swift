import Database

extension Value {
    /// Whether two values are the same to the byte, as the database that stores them sees it.
    ///
    /// `==` takes both spellings of "é" for one text, and -0.0 for 0.0.
    func isExactly(_ other: Value) -> Bool {
        switch (self, other) {
        case (.text(let left), .text(let right)), (.json(let left), .json(let right)):
            left.utf8.elementsEqual(right.utf8)
        case (.double(let left), .double(let right)): left.bitPattern == right.bitPattern
        default: self == other
        }
    }

    /// An instant without a loss: a `Date` keeps every microsecond from 1865 to 2137; before and after, the text does.
    static func instant(_ microseconds: Int64) -> Value {
        // Beyond what any database stores, which only a damaged entry holds, a date's arithmetic would overflow.
        if microseconds.magnitude < 1 << 62 {
            let date = Timestamp.date(microseconds: microseconds)
            if Timestamp.microseconds(of: date) == microseconds { return .date(date) }
        }
        return .text(Timestamp.format(microseconds: microseconds, zone: "+00"))
    }
}

extension [Value] {
    /// Whether all values are the same to the byte.
    func areExactly(_ others: [Value]) -> Bool {
        count == others.count && zip(self, others).allSatisfy { $0.isExactly($1) }
    }
}

/// The values of a key, told apart as the database does it: "é" in its two spellings may be the keys of two rows.
struct ExactKey: Hashable, Sendable {
    let values: [Value]

    init(_ values: some Sequence<Value>) { self.values = Array(values) }

    static func == (left: ExactKey, right: ExactKey) -> Bool { left.values.areExactly(right.values) }

    // What is the same to the byte is equal, too, so the hash of the values will do.
    func hash(into hasher: inout Hasher) { hasher.combine(values) }
}

extension Rows {
    /// The first row as a key, as it is written in the ledger; `nil` if there is none.
    var firstKey: String? { count > 0 ? StoredValue.text(of: key(row: 0, columns: columns.count)) : nil }

    /// The first columns of a row, as a key that finds the row again.
    func key(row: Int, columns: Int) -> [Value] { (0..<columns).map { keyValue(row: row, column: $0) } }

    /// A field of a key: as ``exactValue(row:column:)``, which only instants need.
    func keyValue(row: Int, column: Int) -> Value {
        let value = value(row: row, column: column)
        if case .date = value { return exactValue(row: row, column: column) }
        return value
    }

    /// A field without a loss, see ``Value/instant(_:)``.
    func exactValue(row: Int, column: Int) -> Value {
        let instant: Int64? = withField(row: row, column: column) { field in
            if case .instant(let microseconds) = field { return microseconds }
            return nil
        }
        return instant.map { Value.instant($0) } ?? value(row: row, column: column)
    }
}
