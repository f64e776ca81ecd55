import Database
import SQLFiles

/// Files that say `-- azu:no-transaction`.
extension SchemaWork {
    /// Runs the statements of a script one by one, outside of a transaction of ours.
    ///
    /// The lease is renewed meanwhile from a second session; where only one at a time can write, it lasts for longer.
    ///
    /// - Throws: ``/SQLFiles/SQLFileError`` that tells which statement failed, and what was done before.
    func runAlone(_ script: SchemaScript) async throws {
        let foreignKeys = try await foreignKeys()
        do {
            try await keepingLease {
                for index in script.statements.indices { try await runAlone(script, index) }
            }
            try await restore(foreignKeys)
        } catch {
            // A transaction that the script began itself.
            _ = try? await connection.run([.rollback])
            try? await restore(foreignKeys)
            guard let failure = error as? StatementFailure else { throw error }
            throw failure.error(consequence(failure.index, of: script))
        }
    }

    private func runAlone(_ script: SchemaScript, _ index: Int) async throws {
        let statement = script.statements[index]
        let index = (number: index, makes: UnfinishedIndex(statement.text))
        observer(
            .statement(number: index.number + 1, count: script.statements.count, position: statement.position)
        )
        func failure(_ cause: DatabaseError) -> StatementFailure {
            StatementFailure(statement: statement, index: index.number, place: script.place, cause: cause)
        }
        let before = index.makes == nil ? [] : try await unfinishedIndexes()
        do {
            // What is broken off half-way can't simply be tried again; nor can it be known whether a lost one was done.
            let isWhole = !statement.text.uppercased().contains("CONCURRENTLY")
            let patience =
                isWhole && script.transactionStart(at: index.number) == nil
                ? retry : SchemaRetry(attempts: 0, observer: observer)
            try await patience.run {
                do {
                    try await connection.run([.alone(SQL(raw: statement.text), waitsForLocks: !isWhole)])
                } catch let error as DatabaseError where error.code == .connectionLost {
                    throw error.lasting
                }
            }
        } catch var error as DatabaseError {
            let left = try? await unfinishedIndexes().filter { name in
                !before.contains(name) || index.makes?.isNamed(name) ?? false
            }
            if let name = left?.first, index.makes != nil { error.message += UnfinishedIndex.advice(name) }
            throw failure(error)
        }
        // IF NOT EXISTS takes an index for one that is there, though it is of no use.
        guard let makes = index.makes, let name = try await unfinishedIndexes().first(where: makes.isNamed) else {
            return
        }
        throw failure(DatabaseError(.other, "the index was there already" + UnfinishedIndex.advice(name)))
    }

    private func unfinishedIndexes() async throws -> [String] {
        guard let query = connection.dialect.unfinishedIndexes else { return [] }
        return try await connection.query(query).compactMap { $0[0].text }
    }

    private func consequence(_ index: Int, of script: SchemaScript) -> String {
        let begin = script.transactionStart(at: index)
        let place =
            "statement \(index + 1) of \(script.statements.count)"
            + (begin == nil ? "" : "; the file's own transaction is rolled back")
        let done = begin ?? index
        guard done > 0 else { return "\(place); nothing was done before" }
        let first = script.statements[0].position.line
        let last = script.statements[done - 1].position.line
        let lines = first == last ? "line \(first)" : "lines \(first) to \(last)"
        return "\(place); what stands before, \(lines), is done and stays, so take it back by hand, or out of the file"
    }

    // MARK: The lease

    private func keepingLease(_ body: () async throws -> Void) async throws {
        try await renew(for: nil)
        guard let other = try await connection.another() else {
            try await renew(for: .seconds(86_400))
            return try await body()
        }
        let (ledger, lease) = (ledger, lease)
        let renewal = Task {
            while !Task.isCancelled {
                // What keeps the row from being renewed once is no reason to stop; the next time comes.
                _ = try? await other.run([ledger.renew(lease)])
                try? await Task.sleep(for: ledger.leaseTime / 4)
            }
            await other.close()
        }
        do {
            try await body()
            renewal.cancel()
            await renewal.value
        } catch {
            renewal.cancel()
            await renewal.value
            throw error
        }
    }

    private func renew(for time: Duration?) async throws {
        try await retry.run {
            do {
                try await connection.run([ledger.renew(lease, for: time)])
            } catch let error as DatabaseError where error.code == .guardFailed {
                throw leaseLost
            }
        }
    }

    // MARK: SQLite

    /// Whether SQLite checks foreign keys: a file that rebuilds a table turns that off, and must not leave it so.
    private func foreignKeys() async throws -> Int64? {
        guard connection.dialect.name == "SQLite" else { return nil }
        return try await connection.query("PRAGMA foreign_keys").first?[0].integer
    }

    private func restore(_ foreignKeys: Int64?) async throws {
        guard let foreignKeys else { return }
        _ = try await connection.query("PRAGMA foreign_keys = \(raw: String(foreignKeys))")
    }
}

extension DatabaseError {
    /// The same, for whoever must not try again.
    fileprivate var lasting: DatabaseError {
        var error = self
        error.kind = .fatal
        error.message += "; whether the statement was done is not known"
        return error
    }
}
