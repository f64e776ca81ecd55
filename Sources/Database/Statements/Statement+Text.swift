extension Statement {
    /// The SQL that it runs as, where bulk statements run once for each row; `nil` for one that only frames others.
    public func text(for dialect: any Dialect) -> String? {
        switch action {
        case .execute(let sql), .query(let sql): sql.rendered(for: dialect).text
        case .insert(let insert): insert.rowText.rendered(for: dialect).text
        case .update(let update): update.rowText.rendered(for: dialect).text
        case .delete(let delete): delete.rowText.rendered(for: dialect).text
        case .select(let select): select.rowText.rendered(for: dialect).text
        case .begin, .commit, .rollback, .savepoint, .release, .rollbackTo, .checkConstraints: nil
        }
    }
}

extension BulkInsert {
    /// What inserts one row, with placeholders for its values; without what is to come back of it.
    package var rowText: SQL {
        let values = SQL.joined(columns.map { _ in "\(Value.null)" }, separator: ", ")
        return "INSERT INTO \(identifier: table) (\(SQL.identifiers(columns))) VALUES (\(values))\(conflictClause)"
    }
}

extension BulkUpdate {
    /// What changes one row, with placeholders for its new values and its key.
    package var rowText: SQL {
        let assignments = SQL.joined(columns.map { "\(identifier: $0) = \(Value.null)" }, separator: ", ")
        return "UPDATE \(identifier: table) SET \(assignments) WHERE \(SQL.matching(keyColumns))"
    }
}

extension BulkDelete {
    /// What deletes one row, with placeholders for its key.
    package var rowText: SQL {
        let rows: SQL = returning.isEmpty ? "" : " RETURNING \(SQL.identifiers(returning))"
        return "DELETE FROM \(identifier: table) WHERE \(SQL.matching(keyColumns))\(rows)"
    }
}

extension BulkSelect {
    /// What reads one row, with placeholders for its key.
    package var rowText: SQL {
        "SELECT \(SQL.joined(selection, separator: ", ")) FROM \(identifier: table) WHERE \(SQL.matching(keyColumns))"
    }
}

extension SQL {
    fileprivate static func matching(_ columns: [String]) -> SQL {
        joined(columns.map { "\(identifier: $0) = \(Value.null)" }, separator: " AND ")
    }
}
