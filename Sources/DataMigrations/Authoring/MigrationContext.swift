public import Database

/// What a migration's `up` and `down` work with: the database, and steps that are done exactly once.
public final class MigrationContext: DatabaseAccess, WriteRecording {
    /// The migration's version.
    public var version: String { context.run.version }
    /// The migration's name.
    public var name: String { context.run.name }
    /// The values of the run's parameters, by name.
    public var parameters: [String: Value] { context.run.arguments.parameters }
    /// The database.
    ///
    /// What is written directly is committed statement by statement, and done again when the run is resumed;
    /// ``step(_:_:)`` and ``inBatches(_:step:_:)`` are done once.
    public var connection: any DatabaseConnection { context.connection }
    private let context: RunContext

    init(_ context: RunContext) { self.context = context }

    /// Does something once, in one transaction.
    ///
    /// - Parameters:
    ///   - name: the step's name, unique in the migration. A step that is committed is passed over when the run is resumed.
    ///   - body: the work; what is written through `batch` is committed with the record of the step, or not at all.
    /// - Throws: what `body` throws, or ``/Database/DatabaseError``.
    public func step(_ name: String, _ body: @Sendable (Batch) async throws -> Void) async throws {
        if let preview = context.preview { return try await preview.step(body) }
        let (ledger, run) = (context.ledger, context.run)
        let step = context.prefix + name
        try await context.pass(nil)
        try await ledger.openSlice(NewSlice(step: step, number: 0, kind: .step), of: run)
        guard let slice = try await ledger.slices(of: run, step: step).first, !slice.isDone else { return }
        let lease = try await ledger.claim(slice, of: run)
        try await context.holding(lease, isFinishedByBody: true) {
            try await context.retry.run {
                let batch = context.batch()
                // An attempt before may have been committed, and only the answer lost.
                if try await ledger.reread(slice.id, lock: connection.dialect.lockClause)?.isDone ?? false { return }
                do {
                    try await connection.run([.begin])
                    try await body(batch)
                    let account = [ledger.add(batch.counters, to: slice.id)]
                    let journal = ledger.journal(await batch.journal?.entry(), of: run, slice: slice.id)
                    let end = context.renewal() + account + journal + [ledger.finish(lease)]
                    try await context.run(end + [.checkConstraints, .commit], fencedAt: end.count - 1)
                } catch {
                    _ = try? await connection.run([.rollback])
                    throw error
                }
            }
        }
    }

    /// Takes the rows of a source through `process` in batches, each in a transaction that also saves how far it came.
    ///
    /// - Parameters:
    ///   - source: a query, a file, or a source of your own.
    ///   - step: the step's name, unique in the migration.
    ///   - process: see ``BatchMigration/process(_:_:)``.
    /// - Throws: what keeps the run from going on.
    public func inBatches<Source: BatchSource>(
        _ source: Source,
        step: String,
        _ process: @escaping @Sendable ([Source.Row], Batch) async throws -> Void
    ) async throws {
        try await run(source, ProcessWork(process: process), step: context.prefix + step, updatesRows: false)
    }

    /// Tells the person who watches.
    public func log(_ message: String) { context.observer.observe(.message(message)) }

    var journal: BatchJournal? { nil }

    /// What is written directly is no part of any run's account.
    func count(_ changes: ChangeCounters) {}

    func noteOutside(_ what: String) async throws {
        context.preview?.note("written beside steps and batches, so it is done again by a run that is resumed: \(what)")
        if context.keepsJournal { try await connection.run([context.ledger.noteOutside(what, of: context.run)]) }
    }

    /// The step of a migration's own `rows`.
    private var rowsStep: String { context.prefix + "rows" }

    func run<M: RowMigration>(_ migration: M) async throws {
        let isShared = connection.dialect.rowLock != nil
        let work = RowWork(migration: migration, keepsJournal: context.keepsJournal) { [context] in
            isShared && context.workersWanted > 1
        }
        try await apart { try await run(migration.rows, work, step: rowsStep, updatesRows: true) }
    }

    func run<M: BatchMigration>(_ migration: M) async throws {
        let work = ProcessWork<M.Source.Row> { try await migration.process($0, $1) }
        try await apart { try await run(migration.rows, work, step: rowsStep, updatesRows: false) }
    }

    /// Takes the rows of a file of SQL through its statements; without a table, runs these once, in one transaction.
    func run(_ body: SQLBody, of file: String) async throws {
        guard let source = SQLTable(body, file: file) else {
            return try await step("statements") { try await body.write(nil, in: $0) }
        }
        try await apart {
            try await run(
                source,
                SQLWork(body: body),
                step: rowsStep,
                updatesRows: body.updatesTable,
                readsAhead: body.needsNoLock
            )
        }
    }

    /// The batches of a migration's own `rows` have nothing to do with each other; each is tried by itself.
    private func apart(_ body: () async throws -> Void) async throws {
        guard let preview = context.preview else { return try await body() }
        try await preview.connection.apart(body)
    }

    /// Works on parts of a run that another process leads.
    ///
    /// - Returns: whether there were any.
    func help(_ migration: any DataMigration) async throws -> Bool {
        if let migration = migration as? any RowMigration { return try await help(row: migration) }
        if let migration = migration as? any BatchMigration { return try await help(batch: migration) }
        if let migration = migration as? SQLFileMigration { return try await help(sql: migration) }
        return false
    }

    private func help(sql migration: SQLFileMigration) async throws -> Bool {
        let file = try migration.file(for: connection.dialect)
        guard let source = SQLTable(file.up, file: file.name) else { return false }
        let run = tableRun(
            source,
            SQLWork(body: file.up),
            step: rowsStep,
            updatesRows: file.up.updatesTable,
            readsAhead: file.up.needsNoLock
        )
        return try await run?.help() ?? false
    }

    private func help<M: RowMigration>(row migration: M) async throws -> Bool {
        let work = RowWork(migration: migration, keepsJournal: context.keepsJournal) { true }
        return try await tableRun(migration.rows, work, step: rowsStep, updatesRows: true)?.help() ?? false
    }

    private func help<M: BatchMigration>(batch migration: M) async throws -> Bool {
        let work = ProcessWork<M.Source.Row> { try await migration.process($0, $1) }
        return try await tableRun(migration.rows, work, step: rowsStep, updatesRows: false)?.help() ?? false
    }

    private func tableRun<Source: BatchSource>(
        _ source: Source,
        _ work: any BatchWork<Source.Row>,
        step: String,
        updatesRows: Bool,
        readsAhead: Bool? = nil
    ) -> TableRun<Source.Row>? {
        guard case .table(let reading) = source._reading().kind else { return nil }
        return TableRun(
            reading: reading,
            work: work,
            step: step,
            updatesRows: updatesRows,
            readsAhead: readsAhead ?? updatesRows,
            context: context
        )
    }

    private func run<Source: BatchSource>(
        _ source: Source,
        _ work: any BatchWork<Source.Row>,
        step: String,
        updatesRows: Bool,
        readsAhead: Bool? = nil
    ) async throws {
        let table = tableRun(source, work, step: step, updatesRows: updatesRows, readsAhead: readsAhead)
        if let preview = context.preview { return try await sample(source, table, work, preview) }
        switch source._reading().kind {
        case .table: try await table?.run()
        case .stream(let reading):
            try await StreamRun(reading: reading, label: source.label, work: work, step: step, context: context).run()
        }
    }
}

extension MigrationContext {
    /// Tries a source's rows, some of them.
    private func sample<Source: BatchSource>(
        _ source: Source,
        _ table: TableRun<Source.Row>?,
        _ work: any BatchWork<Source.Row>,
        _ preview: PreviewRun
    ) async throws {
        switch source._reading().kind {
        case .table:
            guard let table else { return }
            let walk = try await preview.connection.unrecorded { try await table.walk() }
            let sample = TablePreview(
                reading: table.reading,
                work: work,
                walk: walk,
                run: preview,
                readsAhead: table.readsAhead
            )
            try await sample.sample()
        case .stream(let reading):
            try await StreamPreview(reading: reading, label: source.label, work: work, run: preview).sample()
        }
    }
}

extension RunContext {
    /// Works under a lease: closes the part at the end, or gives it back.
    func holding(_ lease: Lease, isFinishedByBody: Bool = false, _ body: () async throws -> Void) async throws {
        do {
            try await body()
            if !isFinishedByBody { _ = try await retry.run { try await run([ledger.finish(lease)], fencedAt: 0) } }
        } catch {
            // Should this fail too, the lease ends by itself, or this process takes it again.
            _ = try? await connection.run([ledger.release(lease)])
            throw error
        }
    }
}
