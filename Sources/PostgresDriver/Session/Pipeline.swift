import CLibPQ
import Database

/// Statements that are sent together, and what comes back: one round trip, however many they are.
///
/// In libpq's pipeline mode; the first one that fails makes the server pass over those behind it.
struct Pipeline {
    /// For each statement of the caller's list.
    private(set) var results: [StatementResult] = []
    private let session: Session
    private var waiting: [(command: Command, statement: Int)] = []
    private var expected: [Int?] = []

    init(session: Session) { self.session = session }

    /// The next of the caller's statements; what is added from now on is part of it.
    mutating func start(expecting count: Int?) {
        results.append(StatementResult())
        expected.append(count)
    }

    mutating func add(_ command: Command) { waiting.append((command, results.count - 1)) }

    /// Sets what came of the statement at hand, where it was not a command of the pipeline.
    mutating func set(_ result: StatementResult) throws {
        results[results.count - 1] = result
        try check(results.count - 1)
    }

    /// Sends what is waiting, and reads all results.
    ///
    /// - Throws: ``/Database/DatabaseError`` of the first statement that failed.
    mutating func flush() throws {
        guard !waiting.isEmpty else { return }
        let commands = waiting
        waiting = []
        let wire = try session.wire(forStatements: commands.count)
        guard PQenterPipelineMode(wire.connection) == 1 else { throw PostgresFailure.lost(wire.connection) }
        defer { PQexitPipelineMode(wire.connection) }
        for (command, _) in commands {
            guard command.send(over: wire.connection, isPooled: session.isPooled) else {
                throw PostgresFailure.lost(wire.connection)
            }
            _ = PQflush(wire.connection)
        }
        guard PQpipelineSync(wire.connection) == 1 else { throw PostgresFailure.lost(wire.connection) }
        var failure: DatabaseError?
        for (command, statement) in commands {
            do {
                try receive(command, for: statement, over: wire)
            } catch var error as DatabaseError {
                error.statement = statement
                if PQstatus(wire.connection) == CONNECTION_BAD { throw error }
                failure = failure ?? error
            }
        }
        try awaitSync(wire)
        if let failure {
            session.note(failure)
            session.forgetAfter(failure)
            throw failure
        }
        for statement in Set(commands.map { $0.statement }) { try check(statement) }
    }

    /// Reads the result of one command.
    private mutating func receive(_ command: Command, for statement: Int, over wire: Wire) throws {
        if command.readsRowByRow { PQsetSingleRowMode(wire.connection) }
        var failure: DatabaseError?
        var reader = ResultReader(command)
        while let result = try wire.next() {
            defer { PQclear(result) }
            switch PQresultStatus(result) {
            case PGRES_TUPLES_OK, PGRES_SINGLE_TUPLE: reader.read(result)
            case PGRES_COMMAND_OK, PGRES_EMPTY_QUERY:
                reader.changes = Int(String(cString: PQcmdTuples(result))) ?? 0
                // The server answers COMMIT with ROLLBACK where the transaction had failed before.
                if command.sql == "COMMIT", String(cString: PQcmdStatus(result)) == "ROLLBACK" {
                    failure = DatabaseError(.other, "the transaction had failed before, and is rolled back")
                }
            case PGRES_PIPELINE_ABORTED: return
            default: failure = failure ?? PostgresFailure.error(result, sql: command.sql)
            }
        }
        if let failure = failure ?? reader.failure { throw failure }
        reader.finish(into: &results[statement])
    }

    private func awaitSync(_ wire: Wire) throws {
        while true {
            guard let result = try wire.next() else {
                if PQstatus(wire.connection) == CONNECTION_BAD { throw PostgresFailure.lost(wire.connection) }
                continue
            }
            defer { PQclear(result) }
            if PQresultStatus(result) == PGRES_PIPELINE_SYNC { return }
        }
    }

    /// Throws if a statement changed another number of rows than it had to.
    private func check(_ statement: Int) throws {
        guard let expected = expected[statement], results[statement].changes != expected else { return }
        var error = DatabaseError(
            .guardFailed,
            "\(results[statement].changes) rows were changed where \(expected) had to be"
        )
        error.statement = statement
        throw error
    }
}

extension Command {
    /// A large result is read row by row, so that libpq does not hold all of it.
    fileprivate var readsRowByRow: Bool {
        guard let maximumBytes else { return false }
        guard let last = prepared?.lastByteCount else { return true }
        return last > maximumBytes / 2
    }

    fileprivate func send(over connection: OpaquePointer, isPooled: Bool) -> Bool {
        guard let prepared else { return PQsendQueryParams(connection, sql, 0, nil, nil, nil, nil, 0) == 1 }
        let count = Int32(parameters.count)
        let format: Int32 = prepared.columns.isBinary ? 1 : 0
        return parameters.withPointers { values, lengths, formats in
            isPooled || isPlannedAnew
                ? PQsendQueryParams(connection, sql, count, prepared.parameterTypes, values, lengths, formats, format)
                : PQsendQueryPrepared(connection, prepared.name, count, values, lengths, formats, format)
        } == 1
    }
}

extension Session {
    /// What the session knows of tables and statements may be wrong by now.
    func forgetAfter(_ failure: DatabaseError) {
        if failure.kind != .rowFault || failure.code == .invalidData { forgetTables() }
    }

    /// The columns of tables may be others by now, and with them the types of parameters.
    func forgetTables() {
        statements.removeAll()
        tables.removeAll()
    }
}
