import CLibPQ
import Database

/// What the server was asked to parse: the texts of a session repeat, batch after batch.
struct StatementCache {
    private var known: [String: PreparedStatement] = [:]
    private var count = 0
    /// Beyond this many, all are forgotten: texts that never repeat must not fill the server's memory.
    private static let limit = 200

    subscript(sql: String) -> PreparedStatement? { known[sql] }

    /// A name for the next one.
    mutating func name() -> String {
        count += 1
        return "azu_\(count)"
    }

    var isFull: Bool { known.count >= Self.limit }

    mutating func add(_ statement: PreparedStatement, for sql: String) { known[sql] = statement }

    mutating func removeAll() { known = [:] }
}

extension Session {
    /// Has the server parse a statement, and tell the types of its parameters and columns; once a session.
    ///
    /// What is waiting in the pipeline is sent first: it may make the table that the statement is about.
    func prepare(_ sql: String, in line: inout Pipeline) throws -> PreparedStatement {
        // A new connection knows nothing of what the old one was told.
        _ = try wire()
        if let known = statements[sql] { return known }
        try line.flush()
        let wire = try wire()
        if statements.isFull {
            if !isPooled { try execute("DEALLOCATE ALL") }
            statements.removeAll()
        }
        let name = isPooled ? "" : statements.name()
        guard PQenterPipelineMode(wire.connection) == 1 else { throw PostgresFailure.lost(wire.connection) }
        defer { PQexitPipelineMode(wire.connection) }
        guard PQsendPrepare(wire.connection, name, sql, 0, nil) == 1,
            PQsendDescribePrepared(wire.connection, name) == 1,
            PQpipelineSync(wire.connection) == 1
        else { throw PostgresFailure.lost(wire.connection) }
        var failure: DatabaseError?
        var prepared: PreparedStatement?
        while true {
            guard let result = try wire.next() else { continue }
            defer { PQclear(result) }
            switch PQresultStatus(result) {
            case PGRES_PIPELINE_SYNC:
                if let failure { throw failure }
                guard let prepared else { throw PostgresFailure.lost(wire.connection) }
                statements.add(prepared, for: sql)
                return prepared
            case PGRES_COMMAND_OK where PQnparams(result) > 0 || PQnfields(result) > 0:
                prepared = Self.described(result, name: name)
            case PGRES_COMMAND_OK: prepared = prepared ?? Self.described(result, name: name)
            case PGRES_PIPELINE_ABORTED: break
            default: failure = failure ?? PostgresFailure.error(result, sql: sql)
            }
            if PQstatus(wire.connection) == CONNECTION_BAD { throw failure ?? PostgresFailure.lost(wire.connection) }
        }
    }

    private static func described(_ result: OpaquePointer, name: String) -> PreparedStatement {
        PreparedStatement(
            name: name,
            parameterTypes: (0..<PQnparams(result)).map { PQparamtype(result, $0) },
            columns: ResultColumns(result)
        )
    }
}

extension ResultColumns {
    init(_ result: OpaquePointer) {
        let columns = 0..<PQnfields(result)
        names = columns.map { String(cString: PQfname(result, $0)) }
        forms = columns.map { FieldForm(PQftype(result, $0)) }
        elements = columns.map { TypeID.elements[PQftype(result, $0)] }
    }
}
