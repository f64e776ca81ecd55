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

    /// How a worker's time ended, or that there are to be more of them.
    private enum Report {
        case ended(worker: Int, didWork: Bool)
        case changed(to: Int)
    }

    /// Works until no part is left that could be taken.
    ///
    /// - Returns: whether there was any.
    @discardableResult
    func work() async throws -> Bool {
        try await withThrowingTaskGroup(of: Report.self) { group in
            var working: Set<Int> = []
            var didWork = false
            func hire(_ wanted: Int) {
                for worker in 0..<wanted where working.insert(worker).inserted {
                    group.addTask { try await report(of: worker) }
                }
                group.addTask { await change(from: wanted) }
            }
            hire(context.workersWanted)
            while !working.isEmpty, let report = try await group.next() {
                switch report {
                case .ended(let worker, let did):
                    working.remove(worker)
                    didWork = did || didWork
                case .changed(let wanted): hire(wanted)
                }
            }
            group.cancelAll()
            return didWork
        }
    }

    private func report(of worker: Int) async throws -> Report {
        do {
            return .ended(worker: worker, didWork: try await work(as: worker))
        } catch {
            context.fail()
            throw error
        }
    }

    /// Waits until somebody wants another number of workers.
    private func change(from wanted: Int) async -> Report {
        while context.workersWanted == wanted, !Task.isCancelled { try? await Task.sleep(for: .milliseconds(200)) }
        return .changed(to: context.workersWanted)
    }

    /// Works, and then waits for the parts that others have taken; takes over those whose lease ends.
    func finish() async throws {
        while true {
            let didWork = try await work()
            let parts = try await context.ledger.slices(of: context.run, step: run.step)
            if parts.allSatisfy({ $0.isDone || $0.kind == .sweep }) { return }
            if didWork { continue }
            if context.control.age > .seconds(1) { try await context.readControl() }
            try context.checkStop()
            _ = try await context.retry.run { try await context.connection.run(context.renewal()) }
            try await Task.sleep(for: .milliseconds(250))
        }
    }

    private func work(as worker: Int) async throws -> Bool {
        let isFirst = worker == 0
        let first = context.connection
        guard let connection = isFirst ? first : try await first.another() else { return false }
        let reader = run.readsAhead && walk.schema.rowVersion != nil ? try await first.another() : nil
        do {
            let didWork = try await parts(context.with(connection, reader: reader, worker: worker))
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
            do {
                try context.checkStop()
                guard let part = try await context.retry.run({ try await claim(context) }) else { return didWork }
                didWork = true
                let lease = Lease(slice: part.id, epoch: part.epoch)
                _ = try await run.process(part, lease, walk, known: nil, context)
            } catch is SurplusWorker {
                return didWork
            }
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
        return try await connection.query(boundary(after: after, upTo: upTo, rows: rows)).firstKey
    }
}
