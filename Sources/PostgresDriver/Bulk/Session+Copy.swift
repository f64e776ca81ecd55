import CLibPQ
import Database

extension Session {
    /// Writes rows with COPY, in binary form.
    ///
    ///     COPY "comments" ("article_id", "content", "id") FROM STDIN (FORMAT binary)
    ///
    /// COPY returns no keys: where one must come back, as many as there are rows are made first.
    ///
    ///     SELECT nextval('comments_id_seq'::regclass) FROM generate_series(1, $1)
    ///
    /// - Returns: `nil` if a column has no binary form, or the keys can't be made; nothing is written then.
    func copy(_ insert: BulkInsert, _ table: TableColumns, in line: inout Pipeline) throws -> StatementResult? {
        guard let names = try copiedColumns(insert, table) else { return nil }
        let types = try insert.columns.map { try table.column($0, of: insert.table) }
        let missing = Array(names.dropFirst(insert.columns.count))
        let keyType = try missing.first.map { try table.column($0, of: insert.table) }
        try line.flush()
        var keys = Rows(columns: [])
        if let expression = keyType?.defaultExpression {
            let series = "SELECT \(expression) FROM generate_series(1, $1)"
            keys = try query(series, [.integer(Int64(insert.count))])
        }
        var writer = CopyWriter(columns: insert.columns.count + missing.count)
        let width = insert.columns.count
        for row in 0..<insert.count {
            writer.startRow()
            for column in 0..<width {
                guard writer.append(insert.values[row * width + column], as: types[column].type) else { return nil }
            }
            if let keyType, !writer.append(keys.value(row: row, column: 0), as: keyType.type) { return nil }
        }
        let changes = try send(writer.finish(), copyText(of: insert, names))
        guard !insert.returning.isEmpty else { return StatementResult(changes: changes) }
        try insert.requireAll(changes)
        if insert.returning == missing { return StatementResult(changes: changes, rows: keys.named(insert.returning)) }
        var returned = Rows(columns: insert.returning)
        returned.reserveCapacity(insert.count)
        for row in 0..<insert.count {
            for name in insert.returning {
                if let column = insert.columns.firstIndex(of: name) {
                    returned.append(insert.values[row * width + column])
                } else {
                    returned.append(keys.value(row: row, column: 0))
                }
            }
        }
        return StatementResult(changes: changes, rows: returned)
    }

    /// The columns that COPY is given: those of the insert, and then a key that must come back; `nil` if a column has
    /// no binary form, or the keys can't be made.
    func copiedColumns(_ insert: BulkInsert, _ table: TableColumns) throws -> [String]? {
        let types = try insert.columns.map { try table.column($0, of: insert.table) }
        guard types.allSatisfy({ FieldForm($0.type) != nil }) else { return nil }
        let missing = insert.returning.filter { !insert.columns.contains($0) }
        guard missing.count <= 1 else { return nil }
        if let key = missing.first {
            let column = try table.column(key, of: insert.table)
            guard column.defaultExpression != nil, FieldForm(column.type) != nil else { return nil }
        }
        // What comes back is what was given: only where no type can make something else of it.
        let given = insert.returning.filter { !missing.contains($0) }
        guard given.allSatisfy({ name in (table.columns[name]?.type).map(Self.keeps) ?? false }) else { return nil }
        return insert.columns + missing
    }

    func copyText(of insert: BulkInsert, _ columns: [String]) -> String {
        "COPY \(dialect.quoted(insert.table)) (\(list(columns))) FROM STDIN (FORMAT binary)"
    }

    /// Whether a value of the type comes back as it was given.
    private static func keeps(_ type: UInt32) -> Bool {
        [TypeID.int2, TypeID.int4, TypeID.int8, TypeID.text, TypeID.varchar, TypeID.uuid].contains(type)
    }

    /// Sends data for COPY, and returns how many rows went in.
    private func send(_ data: [UInt8], _ sql: String) throws -> Int {
        let wire = try wire()
        guard PQsendQuery(wire.connection, sql) == 1 else { throw PostgresFailure.lost(wire.connection) }
        var failure: DatabaseError?
        var changes = 0
        while let result = try wire.next() {
            defer { PQclear(result) }
            switch PQresultStatus(result) {
            case PGRES_COPY_IN: try put(data, wire)
            case PGRES_COMMAND_OK: changes = Int(String(cString: PQcmdTuples(result))) ?? 0
            default: failure = failure ?? PostgresFailure.error(result, sql: sql)
            }
        }
        if let failure {
            forgetAfter(failure)
            throw failure
        }
        return changes
    }

    private func put(_ data: [UInt8], _ wire: Wire) throws {
        // In pieces: libpq keeps what the socket does not take.
        let piece = 1 << 16
        for start in stride(from: 0, to: data.count, by: piece) {
            let code = data[start..<min(start + piece, data.count)].withUnsafeBytes { bytes in
                bytes.withMemoryRebound(to: CChar.self) {
                    PQputCopyData(wire.connection, $0.baseAddress, Int32($0.count))
                }
            }
            guard code == 1 else { throw PostgresFailure.lost(wire.connection) }
            try wire.flush()
        }
        guard PQputCopyEnd(wire.connection, nil) == 1 else { throw PostgresFailure.lost(wire.connection) }
    }
}

extension Rows {
    /// The same rows of one column under another name.
    fileprivate func named(_ columns: [String]) -> Rows {
        guard self.columns != columns else { return self }
        var copy = Rows(columns: columns)
        copy.reserveCapacity(count)
        for row in self {
            for value in row.values { copy.append(value) }
        }
        return copy
    }
}
