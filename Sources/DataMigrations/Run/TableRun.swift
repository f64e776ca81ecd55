import Database

/// Takes the rows of a table through a migration: the rows that are there, then the ones that came up meanwhile.
struct TableRun<Row: Sendable> {
    let reading: TableReading<Row>
    let work: any BatchWork<Row>
    let step: String
    /// Whether rows are changed in place, rather than moved.
    let updatesRows: Bool
    /// Whether the next batch is read, without a lock, while one is being written.
    let readsAhead: Bool
    let context: RunContext

    private var ledger: Ledger { context.ledger }
    private var connection: any DatabaseConnection { context.connection }
    /// Counting stops here: the whole is then not known, and counting costs little.
    private static var countLimit: Int { 10_000_000 }
    /// How often the rows are looked through again before the run gives up.
    private static var sweepLimit: Int { 10 }

    func run() async throws {
        context.load.watch(reading.table)
        let schema = try await checkedSchema()
        var slices = try await ledger.slices(of: context.run, step: step)
        let predicate = try await context.bind(reading.predicate, of: step)
        let keyset = try await keyset(of: schema, slices.first)
        let walk = TableWalk(schema: schema, keyset: keyset, predicate: predicate)
        if context.retriesQuarantine {
            try await QuarantineRun(step: step, work: work, context: context).run { [self] record in
                try await load(record, walk)
            }
            return
        }
        if slices.isEmpty {
            try await open(walk)
            slices = try await ledger.slices(of: context.run, step: step)
        }
        guard let main = slices.first else { return }
        let done = try await ledger.counters(of: context.run)
        context.observer.observe(
            .reading(ReadingInfo(label: reading.table, total: main.total.map(SourceSize.rows), done: done))
        )
        var empties = main.empties ?? false
        if main.kind == .whole {
            try await TableParts(self, walk, context).finish()
            let parts = try await ledger.slices(of: context.run, step: step)
            empties = parts.contains { $0.empties == true }
        } else if !main.isDone {
            let lease = try await ledger.claim(main, of: context.run)
            empties = try await process(main, lease, walk, known: nil, context).emptiesItself
        }
        try await sweep(walk, empties: empties)
    }

    /// How the table would be walked by a run that begins now.
    func walk() async throws -> TableWalk {
        let schema = try await checkedSchema()
        return TableWalk(schema: schema, keyset: try await keyset(of: schema, nil), predicate: reading.predicate)
    }

    /// Works on parts of a run that another process leads.
    ///
    /// - Returns: whether there were any to take.
    func help() async throws -> Bool {
        let slices = try await ledger.slices(of: context.run, step: step)
        guard let whole = slices.first, whole.kind == .whole else { return false }
        context.load.watch(reading.table)
        let schema = try await checkedSchema()
        let predicate = try await context.bind(reading.predicate, of: step)
        let walk = TableWalk(schema: schema, keyset: Keyset(columns: whole.keyColumns), predicate: predicate)
        context.observer.observe(
            .reading(
                ReadingInfo(
                    label: reading.table,
                    total: whole.total.map(SourceSize.rows),
                    done: try await ledger.counters(of: context.run)
                )
            )
        )
        return try await TableParts(self, walk, context).work()
    }

    /// Opens the part that holds all rows that there are now.
    private func open(_ walk: TableWalk) async throws {
        let last = try await lastKey(walk)
        let total = try await total(walk)
        let slice = NewSlice(
            step: step,
            number: 0,
            kind: connection.dialect.rowLock == nil ? .table : .whole,
            keyColumns: walk.keyset.columns,
            upper: last,
            total: total
        )
        try await ledger.openSlice(slice, of: context.run)
    }

    /// Where the table ends now; `nil` if it is empty.
    private func lastKey(_ walk: TableWalk) async throws -> String? {
        guard walk.isByBlocks else {
            return try await connection.query(walk.lastKey).firstKey
        }
        guard let schema = try await connection.schema(of: walk.schema.name), let blocks = schema.blocks, blocks > 0,
            let last = TableWalk(schema: schema, keyset: walk.keyset, predicate: nil).lastPlace
        else { return nil }
        // Where the last block has no row any more, its end.
        return try await connection.query(last).firstKey ?? BlockPosition(blocks).stored
    }

    /// How many rows there are to do; `nil` where that costs too much to know.
    private func total(_ walk: TableWalk) async throws -> Int? {
        if let estimate = walk.schema.estimatedRows, estimate > Self.countLimit {
            return walk.predicate == nil ? estimate : nil
        }
        let count = try await connection.queryUnhurried(walk.count(limit: Self.countLimit)).first?[0].integer.map(
            Int.init
        )
        return count.flatMap { $0 < Self.countLimit ? $0 : nil }
    }

    /// Takes one part through the migration.
    func process(
        _ slice: SliceRecord,
        _ lease: Lease,
        _ walk: TableWalk,
        known: KnownLocators?,
        _ context: RunContext
    ) async throws -> Checkpoint {
        let checkpoint = Checkpoint(slice, lease: lease, walk: walk)
        // An empty table has no last key; then there is nothing to read, and the sweep takes what comes up.
        guard slice.upper != nil else {
            try await context.connection.run([context.ledger.finish(lease)])
            return checkpoint
        }
        let feed = feed(slice, walk, known, context)
        try await context.holding(lease) {
            _ = try await Pipeline(feed, work, checkpoint: checkpoint, context: context).run()
        }
        return checkpoint
    }

    private func feed(
        _ slice: SliceRecord,
        _ walk: TableWalk,
        _ known: KnownLocators?,
        _ context: RunContext
    ) -> any BatchFeed<Row> {
        let after = (slice.cursor ?? slice.lower).flatMap(StoredValue.values(of:))
        let upTo = slice.upper.flatMap(StoredValue.values(of:))
        let connection = context.connection
        if walk.isByBlocks {
            return BlockFeed(reading, walk: walk, after: after, upTo: upTo, connection: connection, known: known)
        }
        if let reader = context.reader, known == nil {
            return ReadAheadFeed(
                reading,
                walk: walk,
                after: after,
                upTo: upTo,
                connection: connection,
                reader: reader,
                work: work
            )
        }
        return TableFeed(reading, walk: walk, after: after, upTo: upTo, connection: connection, known: known)
    }

    /// Looks through the rows again.
    ///
    /// A condition that processed rows leave is asked until no row meets it; otherwise, the rows with a higher key than
    /// there was at the begin are those that came up meanwhile.
    private func sweep(_ walk: TableWalk, empties: Bool) async throws {
        context.observer.observe(.sweeping)
        let run = context.run
        for _ in 1...Self.sweepLimit {
            guard let slice = try await openSweep(walk, empties: empties) else { return }
            let lease = try await ledger.claim(slice, of: run)
            let known: KnownLocators = {
                try await ledger.quarantinedLocators(among: $0, of: run, step: step)
            }
            _ = try await process(slice, lease, walk, known: known, context)
            guard let done = try await ledger.slices(of: run, step: step).first(where: { $0.id == slice.id }) else {
                return
            }
            if !empties { return }
            if done.counters.visited == 0 {
                if try await !hidesRows(walk) { return }
                continue
            }
            guard done.counters.written > 0 || done.counters.quarantined > 0 else {
                throw MigrationError(
                    .verification,
                    "\(done.counters.visited) rows of \(reading.table) still meet the condition of \(run.name) though it "
                        + "has processed them; change the condition, or what it does with them"
                )
            }
        }
        throw MigrationError(
            .verification,
            "rows of \(reading.table) that meet the condition of \(run.name) come up faster than it processes them, or row "
                + "security hides them from it; change what writes them first, or use a role that may, then run it again"
        )
    }

    /// Whether rows meet the condition that can be read, but not locked: row security may tell the one from the other.
    private func hidesRows(_ walk: TableWalk) async throws -> Bool {
        guard connection.dialect.rowLock != nil, !walk.isByBlocks else { return false }
        let known = try await ledger.quarantinedCount(of: context.run, step: step)
        let found = try await connection.queryUnhurried(walk.count(limit: known + 1)).first?[0].integer ?? 0
        return found > Int64(known)
    }

    /// A pass that an earlier process left open, or a new one behind those that are done.
    private func openSweep(_ walk: TableWalk, empties: Bool) async throws -> SliceRecord? {
        let slices = try await ledger.slices(of: context.run, step: step)
        if let last = slices.last, !last.isDone { return last }
        // Bounded: a migration that inserts into the table it reads would never see its end.
        let upper = try await lastKey(walk)
        let sweep = NewSlice(
            step: step,
            number: slices.count,
            kind: .sweep,
            lower: empties ? nil : slices.last(where: { $0.upper != nil })?.upper,
            upper: upper
        )
        try await ledger.openSlice(sweep, of: context.run)
        return try await ledger.slices(of: context.run, step: step).last
    }

    /// A row of the quarantine as it is now.
    private func load(_ record: QuarantineRecord, _ walk: TableWalk) async throws -> LoadedBatch<Row>? {
        guard let key = StoredValue.values(of: record.row.locator) else { return nil }
        let rows = try await connection.query(walk.select(reading, key: key) + connection.dialect.lockClause)
        return rows.isEmpty ? nil : walk.load(rows, reading)
    }
}

// MARK: - Does the migration fit the table?

extension TableRun {
    private func checkedSchema() async throws -> TableSchema {
        let name = context.run.name
        guard let schema = try await connection.schema(of: reading.table) else {
            throw MigrationError(
                .mismatch,
                "\(name): there is no table \(reading.table), the table of \(reading.model)"
            )
        }
        for column in reading.columns ?? [] where schema.column(column) == nil && column != schema.rowIdentifier {
            throw MigrationError(
                .mismatch,
                "\(name): the table \(reading.table) has no column \(column), which \(reading.model) has a property for"
            )
        }
        if reading.isOrdered {
            throw MigrationError(
                .mismatch,
                "\(name): rows are walked along the key of \(reading.table); leave order and limit out of `rows`"
            )
        }
        return schema
    }

    /// The key that the run began with; else the primary key; else the database's own way to tell rows apart.
    private func keyset(of schema: TableSchema, _ slice: SliceRecord?) async throws -> Keyset {
        if let columns = slice?.keyColumns, !columns.isEmpty { return Keyset(columns: columns) }
        if !reading.key.isEmpty { return try await chosenKeyset(of: schema) }
        let key = schema.primaryKey
        if !key.isEmpty, try await !schema.hasNull(in: key, connection) { return Keyset(columns: key) }
        guard let rowIdentifier = schema.rowIdentifier else {
            throw MigrationError(
                .mismatch,
                "\(context.run.name): \(schema.name) has no key to walk along; give it a primary key"
            )
        }
        if updatesRows && reading.predicate == nil {
            throw MigrationError(
                .mismatch,
                "\(context.run.name): \(schema.name) has no primary key, so its rows can only be changed if `rows` has a "
                    + "condition that a changed row no longer meets; add one, or a primary key"
            )
        }
        return Keyset(columns: [rowIdentifier])
    }
    /// The key that the author names.
    private func chosenKeyset(of schema: TableSchema) async throws -> Keyset {
        let key = reading.key
        func refuse(_ problem: String) -> MigrationError {
            let name = key.joined(separator: ", ")
            return MigrationError(
                .mismatch,
                "\(context.run.name): \(schema.name) can't be walked along \(name): \(problem)"
            )
        }
        for column in key where schema.column(column) == nil && column != schema.rowIdentifier {
            throw refuse("it has no column \(column)")
        }
        let known = [schema.primaryKey] + schema.uniqueKeys + (schema.rowIdentifier.map { [[$0]] } ?? [])
        let unique = known.filter { !$0.isEmpty }
        // Of a view, the database can't tell.
        guard unique.isEmpty || unique.contains(where: { Set($0).isSubset(of: key) }) else {
            throw refuse("rows may have the same values there; name the columns of a unique index")
        }
        guard try await !schema.hasNull(in: key.filter { schema.column($0) != nil }, connection) else {
            throw refuse("some rows have NULL there; name another key, or none")
        }
        return Keyset(columns: key)
    }
}
