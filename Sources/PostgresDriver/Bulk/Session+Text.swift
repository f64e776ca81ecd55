import Database

extension Session {
    /// The SQL that a statement runs as; `nil` for one that only frames others.
    func text(of statement: Statement) throws -> String? {
        var line = Pipeline(session: self)
        switch statement.action {
        case .update(let update):
            let encoded =
                try statement.encoded as? EncodedUpdate
                ?? EncodedUpdate(update, try columns(of: update.table, in: &line))
            return text(of: encoded, range(of: encoded))
        case .delete(let delete) where delete.count > 0:
            let (arrays, range) = try finders(delete.keys, of: delete.keyColumns, delete.table, in: &line)
            return text(of: delete, arrays, range) + returning(delete)
        case .select(let select) where select.count > 0:
            return try text(of: select, in: &line)
        case .insert(let insert) where insert.count > 0:
            let table = try columns(of: insert.table, in: &line)
            // What so few rows are not worth, a whole batch is.
            if insert.conflict == .fail, table.takesCopy, let columns = try copiedColumns(insert, table) {
                return copyText(of: insert, columns)
            }
            return try text(of: insert, table).sql
        default: return statement.text(for: dialect)
        }
    }
}
