import CLibPQ
import Database

/// Takes the rows of one command's results.
struct ResultReader {
    private let command: Command
    private var rows: Rows?
    private var isFull = false
    var changes = 0
    /// What can't be read.
    private(set) var failure: DatabaseError?

    init(_ command: Command) { self.command = command }

    mutating func read(_ result: OpaquePointer) {
        // A statement that is planned anew has the types that its table has by now.
        let known = command.isPlannedAnew ? nil : command.prepared?.columns
        let columns = known ?? ResultColumns(result)
        if PQresultStatus(result) == PGRES_TUPLES_OK {
            // SELECT counts its rows, too.
            let tag = String(cString: PQcmdStatus(result))
            changes = tag.hasPrefix("SELECT") ? 0 : Int(String(cString: PQcmdTuples(result))) ?? 0
        }
        var rows = self.rows ?? Rows(columns: columns.names)
        self.rows = nil
        let count = PQntuples(result)
        // Row by row, the array grows by doubling instead.
        if count > 1 { rows.reserveCapacity(Int(count)) }
        let isBinary = PQbinaryTuples(result) == 1
        for row in 0..<count where !isFull {
            for (column, form) in columns.forms.enumerated() {
                let column = Int32(column)
                guard PQgetisnull(result, row, column) == 0 else {
                    rows.appendNull()
                    continue
                }
                let bytes = UnsafeRawBufferPointer(
                    start: PQgetvalue(result, row, column),
                    count: Int(PQgetlength(result, row, column))
                )
                guard isBinary, let form else {
                    rows.append(text: bytes, as: form, element: columns.elements[Int(column)])
                    continue
                }
                if rows.append(bytes, as: form) { continue }
                rows.appendNull()
                failure = DatabaseError(
                    .other,
                    "the server sent a value of column \(columns.names[Int(column)]) that is not one of its type",
                    sql: command.sql
                )
            }
            isFull = rows.byteCount >= command.maximumBytes ?? .max
        }
        self.rows = rows
    }

    /// Adds what was read to the result of a statement.
    consuming func finish(into result: inout StatementResult) {
        switch command.result {
        case .nothing: break
        case .changes: result.changes += changes
        case .rows:
            result.changes += changes
            if let rows { result.rows = rows }
        case .guardedChanges: result.changes += Int(rows?.first?[0].integer ?? 0)
        }
        if command.maximumBytes != nil { command.prepared?.lastByteCount = isFull ? .max : rows?.byteCount }
    }
}
