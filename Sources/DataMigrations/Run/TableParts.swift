import Database

/// Takes a table through a migration in parts, which the workers of this process and of others cut and lease.
///
///     whole  ├──────────────────────────────────────────────▶ upper bound when the run began
///     parts  ├── 1 done ──┼── 2 mine ──┼── 3 theirs ──┼· · · · not cut yet
struct TableParts<Row: Sendable> {
    let run: TableRun<Row>
    let walk: TableWalk
    let context: RunContext
    /// How many rows a part has.
    let partRows: Int

    init(_ run: TableRun<Row>, _ walk: TableWalk, _ context: RunContext) {
        self.run = run
        self.walk = walk
        self.context = context
        // Few enough to cost nothing, many enough that no worker waits for long at the end.
        let rows = walk.schema.estimatedRows ?? 0
        partRows = min(250_000, max(20_000, rows / (8 * context.workers)))
    }

    /// Works until no part is left that could be taken.
    ///
    /// - Returns: whether there was any.
    @discardableResult
    func work() async throws -> Bool {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for index in 0..<context.workers {
                group.addTask {
                    do {
                        return try await worker(isFirst: index == 0)
                    } catch {
                        context.fail()
                        throw error
                    }
                }
            }
            var didWork = false
            while let result = try await group.next() { didWork = result || didWork }
            return didWork
        }
    }

    /// Works, and then waits for the parts that others have taken; takes over those whose lease ends.
    func finish() async throws {
        while true {
            let didWork = try await work()
            let parts = try await context.ledger.slices(of: context.run, step: run.step)
            if parts.allSatisfy({ $0.isDone || $0.kind == .sweep }) { return }
            if didWork { continue }
            if let reason = context.stopReason { throw RunStopped(reason: reason) }
            _ = try await context.retry.run { try await context.connection.run(context.renewal()) }
            try await Task.sleep(for: .milliseconds(250))
        }
    }

    private func worker(isFirst: Bool) async throws -> Bool {
        let first = context.connection
        guard let connection = isFirst ? first : try await first.another() else { return false }
        let reader = run.updatesRows && walk.schema.rowVersion != nil ? try await first.another() : nil
        do {
            let didWork = try await parts(context.with(connection, reader: reader))
            await close(reader, isFirst ? nil : connection)
            return didWork
        } catch {
            await close(reader, isFirst ? nil : connection)
            throw error
        }
    }

    private func close(_ connections: (any DatabaseConnection)?...) async {
        for connection in connections { await connection?.close() }
    }

    private func parts(_ context: RunContext) async throws -> Bool {
        var didWork = false
        while true {
            if let reason = context.stopReason { throw RunStopped(reason: reason) }
            guard let part = try await context.retry.run({ try await claim(context) }) else { return didWork }
            didWork = true
            let lease = Lease(slice: part.id, epoch: part.epoch)
            _ = try await run.process(part, lease, walk, known: nil, context)
        }
    }

    private func claim(_ context: RunContext) async throws -> SliceRecord? {
        let (ledger, record) = (context.ledger, context.run)
        if let part = try await ledger.claimPart(of: record, step: run.step) { return part }
        return try await ledger.cutPart(of: record, step: run.step) { after, upTo in
            try await walk.boundary(
                after: after.flatMap(StoredValue.values(of:)),
                upTo: upTo.flatMap(StoredValue.values(of:)),
                rows: partRows,
                connection: context.connection
            )
        }
    }
}

extension TableWalk {
    /// Where a part ends.
    fileprivate func boundary(
        after: [Value]?,
        upTo: [Value]?,
        rows: Int,
        connection: any DatabaseConnection
    ) async throws -> String? {
        if isByBlocks {
            guard let upTo, let end = BlockPosition(upTo)?.block, after != upTo else { return nil }
            // About a hundred rows to a block.
            let next = (after.flatMap(BlockPosition.init)?.block ?? 0) + max(1, rows / 100)
            return next > end ? StoredValue.text(of: upTo) : BlockPosition(next).stored
        }
        let found = try await connection.query(boundary(after: after, upTo: upTo, rows: rows))
        return found.first.map { StoredValue.text(of: $0.values) }
    }
}
