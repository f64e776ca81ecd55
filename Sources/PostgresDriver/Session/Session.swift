import CLibPQ
import Database
import Foundation

/// A session, as its own thread sees it.
///
/// Unchecked: it is used on one serial queue, that of its ``PostgresConnection``; ``canceller`` and ``tables`` alone are
/// for all, and guard themselves.
final class Session: @unchecked Sendable {
    let dialect: any Dialect
    let canceller = Canceller()
    private let settings: ConnectionSettings
    private var connection: OpaquePointer?
    private var isClosed = false
    /// Whether a transaction was begun, and neither committed nor rolled back since; also after the connection was lost.
    private var isBegun = false
    /// Whether the server takes no writes: it may be a standby by now, and another one the primary.
    private var isReadOnly = false
    /// Whether a statement is under way that may take for as long as it likes.
    private var isUnhurried = false
    /// Whether the transaction has made, altered or dropped a table.
    private var hasChangedTables = false
    var statements = StatementCache()
    let tables: TableCache

    init(_ settings: ConnectionSettings, dialect: any Dialect, tables: TableCache) {
        self.tables = tables
        self.settings = settings
        self.dialect = dialect
    }

    var isPooled: Bool { settings.isPooled }
    var isInTransaction: Bool { isBegun }

    // MARK: The connection

    func connect() throws {
        var parameters = settings.parameters
        // Sent with the start of the session: a pooler, too, keeps these for the client.
        parameters["client_encoding"] = "UTF8"
        parameters["fallback_application_name"] = "azu"
        parameters["keepalives_idle"] = parameters["keepalives_idle"] ?? "15"
        parameters["keepalives_interval"] = parameters["keepalives_interval"] ?? "5"
        parameters["keepalives_count"] = parameters["keepalives_count"] ?? "3"
        parameters["connect_timeout"] = parameters["connect_timeout"] ?? "10"
        let fresh = Self.open(parameters)
        guard PQstatus(fresh) == CONNECTION_OK, let fresh else {
            defer { PQfinish(fresh) }
            throw PostgresFailure.cannotOpen(fresh, place: settings.place)
        }
        connection = fresh
        (isBegun, isReadOnly) = (false, false)
        statements = StatementCache()
        tables.removeAll()
        canceller.follow(fresh)
        NoticeReceiver.attach(to: fresh)
        guard PQsetnonblocking(fresh, 1) == 0 else { throw PostgresFailure.lost(fresh) }
        // Behind a pooler a SET would be another client's, too; there each transaction begins with these.
        if !isPooled { try execute(sessionSetup) }
    }

    private static func open(_ parameters: [String: String]) -> OpaquePointer? {
        let names = parameters.keys.sorted()
        let keywords = names.map { strdup($0) } + [nil]
        let values = names.map { strdup(parameters[$0] ?? "") } + [nil]
        defer { for text in keywords + values { free(text) } }
        return PQconnectdbParams(
            keywords.map { $0.map { UnsafePointer($0) } },
            values.map { $0.map { UnsafePointer($0) } },
            1
        )
    }

    func close() {
        isClosed = true
        canceller.follow(nil)
        PQfinish(connection)
        connection = nil
    }

    /// The connection; a new one, if the one there was is lost and no transaction went with it.
    ///
    /// - Parameter count: how many statements are about to be sent.
    /// - Returns: the connection, and how long to wait for it.
    /// - Throws: ``/Database/DatabaseError``.
    func wire(forStatements count: Int = 1) throws -> Wire {
        guard !isClosed else { throw DatabaseError(.misuse, "the connection was closed before") }
        if connection == nil || PQstatus(connection) == CONNECTION_BAD || (isReadOnly && !isBegun) {
            guard !isBegun else { throw PostgresFailure.lost(connection) }
            try reconnect()
        }
        guard let connection else { throw DatabaseError(.misuse, "the connection was closed before") }
        return Wire(connection: connection, patience: isUnhurried ? nil : settings.patience(forStatements: count))
    }

    private func reconnect() throws {
        canceller.follow(nil)
        PQfinish(connection)
        connection = nil
        do {
            try connect()
        } catch var error as DatabaseError where error.code == .cannotOpen {
            // It was there before, so it may be there again in a moment.
            error.kind = .retryable
            throw error
        }
    }

    /// Takes note of what an error tells of the server.
    func note(_ failure: DatabaseError) { if failure.code == .readOnly { isReadOnly = true } }

    // MARK: Statements

    func run(_ statements: [Statement]) throws -> [StatementResult] {
        var line = Pipeline(session: self)
        for (index, statement) in statements.enumerated() {
            do {
                if needsSetup, statement.touchesTables, !statement.isAlone {
                    line.start(expecting: nil)
                    try line.set(try withSetup { try run([.begin, statement])[1] })
                    continue
                }
                try enqueue(statement, in: &line)
            } catch var error as DatabaseError {
                error.statement = error.statement ?? index
                // What stands before has its turn all the same; if it fails, it is the first to.
                try line.flush()
                throw error
            }
        }
        try line.flush()
        return line.results
    }

    /// Whether a statement by itself would lack the schema, the time zone and the limits: behind a pooler, these are set
    /// for a transaction.
    var needsSetup: Bool { settings.isPooled && !settings.isBare && !isBegun }

    /// Does something in a transaction, for the settings that come with it.
    func withSetup<T>(_ body: () throws -> T) throws -> T {
        do {
            let result = try body()
            _ = try run([.commit])
            return result
        } catch {
            _ = try? run([.rollback])
            // Its place is that in the list of the caller.
            guard var error = error as? DatabaseError else { throw error }
            error.statement = nil
            throw error
        }
    }

    private func enqueue(_ statement: Statement, in line: inout Pipeline) throws {
        line.start(expecting: statement.expectedChanges)
        switch statement.action {
        case .begin:
            _ = try wire()
            isBegun = true
            line.add(Command(sql: "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE", result: .nothing))
            line.add(Command(sql: transactionSetup, result: .nothing))
        case .commit:
            line.add(Command(sql: "COMMIT", result: .nothing))
            try line.flush()
            (isBegun, hasChangedTables) = (false, false)
        case .rollback:
            try? line.flush()
            try rollback()
        case .savepoint(let name): line.add(Command(sql: "SAVEPOINT \(dialect.quoted(name))", result: .nothing))
        case .release(let name):
            // Deferred constraints are checked now, and are deferred again for what comes.
            for sql in [checkConstraints, "SET CONSTRAINTS ALL DEFERRED", "RELEASE \(dialect.quoted(name))"] {
                line.add(Command(sql: sql, result: .nothing))
            }
        case .rollbackTo(let name):
            line.add(Command(sql: "ROLLBACK TO \(dialect.quoted(name))", result: .nothing))
            line.add(Command(sql: "RELEASE \(dialect.quoted(name))", result: .nothing))
            if hasChangedTables { forgetTables() }
        case .checkConstraints: line.add(Command(sql: checkConstraints, result: .nothing))
        case .execute(let sql): try add(sql, statement, to: &line)
        case .query(let sql) where statement.isAlone: try addAlone(sql, statement, to: &line)
        case .query(let sql) where statement.isUnhurried: try addUnhurried(sql, statement, to: &line)
        case .query(let sql): try add(sql, statement, to: &line)
        case .insert(let insert): try add(insert, statement, to: &line)
        case .update(let update): try add(update, statement, to: &line)
        case .delete(let delete): try add(delete, statement, to: &line)
        case .select(let select): try add(select, to: &line)
        }
        // Outside of a transaction each statement stands for itself: in a pipeline, all would be one transaction.
        if !isBegun { try line.flush() }
    }

    /// A query without the limit on its time: one that counts a table, or looks through it.
    ///
    ///     BEGIN; SELECT set_config('statement_timeout', '0', true); SELECT count(*) …; COMMIT
    private func addUnhurried(_ sql: SQL, _ statement: Statement, to line: inout Pipeline) throws {
        try line.flush()
        isUnhurried = true
        defer { isUnhurried = false }
        func limit(_ time: String) throws { try execute(setConfig([("statement_timeout", time)], isLocal: true)) }
        let isAlone = !isBegun
        if isAlone { _ = try run([.begin]) }
        do {
            try limit("0")
            try line.set(try run([.query(sql, maximumBytes: statement.maximumBytes)])[0])
            if isAlone { _ = try run([.commit]) } else { try limit(settings.statementTimeout) }
        } catch {
            if isAlone { _ = try? run([.rollback]) }
            guard var error = error as? DatabaseError else { throw error }
            error.statement = nil
            throw error
        }
    }

    /// A statement that can't be run in a transaction, as CREATE INDEX CONCURRENTLY, without the limit on its time.
    ///
    /// Behind a pooler no limit is set outside of transactions; but neither is the schema.
    private func addAlone(_ sql: SQL, _ statement: Statement, to line: inout Pipeline) throws {
        try line.flush()
        let rendered = sql.rendered(for: dialect)
        guard rendered.values.isEmpty else {
            throw DatabaseError(
                .misuse,
                "a statement outside of a transaction takes no bound values",
                sql: rendered.text
            )
        }
        guard !isPooled || settings.schema == nil || settings.isBare else {
            let problem =
                "a statement outside of a transaction would not find the schema of the database URL behind a pooler"
            throw DatabaseError(.misuse, "\(problem); connect to the server itself", sql: rendered.text)
        }
        isUnhurried = true
        defer { isUnhurried = false }
        let limits = [("statement_timeout", settings.statementTimeout), ("lock_timeout", settings.lockTimeout)]
        let lifted = isPooled ? [] : statement.waitsForLocks ? limits : [limits[0]]
        if !lifted.isEmpty { try execute(setConfig(lifted.map { ($0.0, "0") }, isLocal: false)) }
        // In a transaction that the statement's own SQL has begun, and that has failed, nothing can be set.
        defer { if !lifted.isEmpty { _ = try? execute(setConfig(lifted, isLocal: false)) } }
        do {
            try line.set(try execute(rendered.text))
        } catch var error as DatabaseError {
            // Its place is that in the list of the caller.
            error.statement = nil
            throw error
        }
        if Self.changesTables(rendered.text) { forgetTables() }
    }

    private func add(_ sql: SQL, _ statement: Statement, to line: inout Pipeline) throws {
        var rendered = sql.rendered(for: dialect)
        var result = Command.Result.rows
        if let expected = statement.expectedChanges, let guarded = GuardedSQL.wrap(rendered.text, expecting: expected) {
            rendered.text = guarded
            result = .guardedChanges
        }
        if Self.changesTables(rendered.text) {
            forgetTables()
            hasChangedTables = isBegun
        }
        var command = Command(sql: rendered.text, result: result, maximumBytes: statement.maximumBytes)
        if !rendered.values.isEmpty { try bind(rendered.values, to: &command, in: &line) }
        command.isPlannedAnew = statement.isPlannedAnew
        line.add(command)
        // Without a guard in SQL, nothing behind may be sent before the number of rows is known.
        if statement.expectedChanges != nil, result == .rows { try line.flush() }
    }

    /// Binds values in the types that the server finds for their places.
    func bind(_ values: [Value], to command: inout Command, in line: inout Pipeline) throws {
        guard values.count <= dialect.maximumBoundValues else {
            let problem = "a statement with \(values.count) values; PostgreSQL takes \(dialect.maximumBoundValues)"
            throw DatabaseError(.misuse, problem, sql: command.sql)
        }
        let prepared = try prepare(command.sql, in: &line)
        guard prepared.parameterTypes.count == values.count else {
            throw DatabaseError(
                .misuse,
                "the statement has a $1 of its own; values are bound with \\( )",
                sql: command.sql
            )
        }
        for (value, type) in zip(values, prepared.parameterTypes) {
            if case .text(let text) = value, text.utf8.contains(0) {
                let problem = "a text with a NUL in it, which PostgreSQL can't store"
                throw DatabaseError(.invalidData, problem, sql: command.sql)
            }
            command.parameters.append(value, as: type)
        }
        command.prepared = prepared
    }

    private static func changesTables(_ sql: String) -> Bool {
        let verb = sql.drop { $0.isWhitespace }.prefix { $0.isLetter }.uppercased()
        return ["CREATE", "ALTER", "DROP"].contains(verb)
    }

    private func rollback() throws {
        defer { (isBegun, hasChangedTables) = (false, false) }
        // The tables are again what they were before.
        if hasChangedTables { forgetTables() }
        // A lost connection has taken its transaction with it.
        guard let connection, PQstatus(connection) == CONNECTION_OK else {
            if isClosed { throw DatabaseError(.misuse, "the connection was closed before") }
            return
        }
        if PQtransactionStatus(connection) != PQTRANS_IDLE { try execute("ROLLBACK") }
    }

    /// Runs a statement without parameters at once.
    @discardableResult
    func execute(_ sql: String) throws -> StatementResult {
        var line = Pipeline(session: self)
        line.start(expecting: nil)
        line.add(Command(sql: sql, result: .rows))
        try line.flush()
        return line.results[0]
    }

    /// Runs a query with parameters at once.
    func query(_ sql: String, _ values: [Value]) throws -> Rows {
        var line = Pipeline(session: self)
        line.start(expecting: nil)
        var command = Command(sql: sql, result: .rows)
        try bind(values, to: &command, in: &line)
        line.add(command)
        try line.flush()
        return line.results[0].rows ?? Rows(columns: [])
    }

    // MARK: Settings

    private var checkConstraints: String { "SET CONSTRAINTS ALL IMMEDIATE" }

    /// How values look as text, in which they are read, compared and hashed: the same in every session, and whole.
    private static let formats = [
        ("TimeZone", "UTC"), ("DateStyle", "ISO"), ("IntervalStyle", "postgres"), ("extra_float_digits", "1"),
        ("bytea_output", "hex"),
    ]

    private var sessionSetup: String { setConfig(limits + Self.formats, isLocal: false) }

    /// A worker that is stopped must not hold its locks for longer than its lease lasts.
    private var transactionSetup: String {
        let idle = [("idle_in_transaction_session_timeout", settings.idleTimeout)]
        return setConfig(isPooled ? limits + idle + Self.formats : idle, isLocal: true)
    }

    private var limits: [(String, String)] {
        var limits = [("lock_timeout", settings.lockTimeout), ("statement_timeout", settings.statementTimeout)]
        if let schema = settings.schema { limits.append(("search_path", dialect.quoted(column: schema))) }
        return limits
    }

    private func setConfig(_ settings: [(String, String)], isLocal: Bool) -> String {
        let calls = settings.map { name, value in
            "set_config('\(name)', '\(value.replacing("'", with: "''"))', \(isLocal))"
        }
        return "SELECT " + calls.joined(separator: ", ")
    }
}

extension Statement {
    fileprivate var touchesTables: Bool {
        switch action {
        case .execute, .query, .insert, .update, .delete, .select: true
        case .begin, .commit, .rollback, .savepoint, .release, .rollbackTo, .checkConstraints: false
        }
    }
}
