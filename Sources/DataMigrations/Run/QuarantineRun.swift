import Database

/// Takes the rows that were put aside through a migration again, each in a transaction of its own.
struct QuarantineRun<Row: Sendable> {
    let step: String
    let work: any BatchWork<Row>
    let context: RunContext

    /// - Parameter load: reads a row again; `nil` if it is gone, or is no longer one of the migration's rows.
    /// - Throws: what keeps the run from going on.
    func run(_ load: (QuarantineRecord) async throws -> LoadedBatch<Row>?) async throws {
        var last: Int64 = 0
        while true {
            let page = try await context.ledger.quarantined(of: context.run, after: last)
            guard let end = page.last else { return }
            last = end.id
            for record in page where record.step == step {
                try await context.pass(nil)
                try await context.retry.run { try await retry(record, load) }
            }
        }
    }

    private func retry(
        _ record: QuarantineRecord,
        _ load: (QuarantineRecord) async throws -> LoadedBatch<Row>?
    ) async throws {
        let (connection, ledger) = (context.connection, context.ledger)
        try await connection.run([.begin])
        do {
            // An attempt before may have been committed, and only the answer lost.
            guard try await ledger.isOpen(record) else {
                try await connection.run([.rollback])
                return
            }
            var end: [Statement] = []
            if let batch = try await load(record) {
                let prepared = try await work.prepare(batch, connection: connection)
                let handle = context.batch()
                var bisection = Bisection(prepared, in: handle)
                try await bisection.run()
                if let bad = (prepared.faults + bisection.quarantined).first { throw StillBad(reason: bad.error) }
                end.append(ledger.add(handle.counters, to: record.slice))
                end += ledger.journal(await handle.journal?.entry(), of: context.run, slice: record.slice)
            }
            try await connection.run(context.renewal() + end + [ledger.settle(record), .checkConstraints, .commit])
        } catch {
            _ = try? await connection.run([.rollback])
            guard Fault.isRowFault(error) else { throw error }
            try await connection.run([ledger.fail(record, error: Fault.text(of: error))])
        }
    }

    private struct StillBad: Error, CustomStringConvertible {
        var reason: String
        var description: String { reason }
    }
}
