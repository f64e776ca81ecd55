import Database
import Synchronization

/// An application that writes `accounts` over four connections: it pays in, and edits; each write is logged by the
/// statement that makes it, if it has found its row.
final class Traffic: Sendable {
    private struct State {
        var ids: Range<Int64> = 1..<2
        var isOver = false
    }

    private let state = Mutex(State())

    /// Chooses the accounts that are written from now on.
    func target(_ ids: Range<Int64>) { state.withLock { $0.ids = ids } }

    /// Writes while `body` works.
    func whileWriting(_ url: String, _ body: () async throws -> Void) async throws {
        let writers = (UInt64(1)...4).map { seed in Task { try await write(url, seed: seed) } }
        let result: Result<Void, any Error>
        do {
            result = .success(try await body())
        } catch {
            result = .failure(error)
        }
        state.withLock { $0.isOver = true }
        for writer in writers { try await writer.value }
        try result.get()
    }

    private func write(_ url: String, seed: UInt64) async throws {
        var random = SplitMix(state: seed)
        let connection = try await TestServer.connect(url)
        var number = 0
        while true {
            let (ids, isOver) = state.withLock { ($0.ids, $0.isOver) }
            if isOver { break }
            let id = Int64.random(in: ids, using: &random)
            number += 1
            let input = "\(seed)-\(number)"
            let isEdit = Int.random(in: 0..<3, using: &random) == 0
            do {
                try await connection.execute(isEdit ? Self.edit(id, input) : Self.pay(id))
            } catch let error as DatabaseError where error.kind == .retryable {
                // A lock that took too long: nothing was written, and nothing logged.
                continue
            }
        }
        await connection.close()
    }

    private static func pay(_ id: Int64) -> SQL {
        """
        WITH paid AS (UPDATE accounts SET balance = balance + 1 WHERE id = \(id) RETURNING id)
        INSERT INTO payments (account) SELECT id FROM paid
        """
    }

    /// What is migrated stays so: the application knows of the new column.
    private static func edit(_ id: Int64, _ input: String) -> SQL {
        """
        WITH edited AS (UPDATE accounts SET input = \(input),
        output = CASE WHEN output IS NOT NULL THEN '<' || CAST(\(input) AS text) || '>' END
        WHERE id = \(id) RETURNING id, input)
        INSERT INTO edits (account, input) SELECT id, input FROM edited
        """
    }
}
