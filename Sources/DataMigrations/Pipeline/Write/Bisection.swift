import Database

/// Writes a batch that failed as a whole in parts, under savepoints, until its bad rows stand alone: O(k log n)
/// attempts for k bad rows among n.
///
/// The first half goes first, so that rows keep their order.
struct Bisection {
    private let prepared: any PreparedBatch
    /// Keeps the account of the parts that succeed.
    private let handle: Batch
    private(set) var quarantined: [QuarantinedRow] = []

    init(_ prepared: any PreparedBatch, in handle: Batch) {
        self.prepared = prepared
        self.handle = handle
    }

    private var connection: any DatabaseConnection { handle.connection }

    /// Writes all good rows.
    ///
    /// - Throws: an error that is no row's fault.
    mutating func run() async throws {
        var parts = [0..<prepared.count]
        while let part = parts.popLast() {
            guard let error = try await write(part) else { continue }
            if part.count == 1 {
                quarantined.append(prepared.quarantined(part.lowerBound, error: error))
            } else {
                let middle = part.lowerBound + part.count / 2
                parts.append(middle..<part.upperBound)
                parts.append(part.lowerBound..<middle)
            }
        }
    }

    /// Writes a part.
    ///
    /// Returns the error if rows of it are at fault.
    private mutating func write(_ part: Range<Int>) async throws -> (any Error)? {
        var attempt = 0
        while true {
            let batch = handle.part()
            try await connection.run([.savepoint(Self.name)])
            do {
                let rest = try await prepared.write(part, in: batch)
                try await connection.run(rest + [.release(Self.name)])
                handle.absorb(batch)
                return nil
            } catch {
                do {
                    try await connection.run([.rollbackTo(Self.name)])
                } catch let lost {
                    throw Fault.isRowFault(error) || error.isUnwritten ? lost : error
                }
                guard Fault.isRowFault(error) || error.isUnwritten else { throw error }
                guard part.count == 1 else { return error }
                // What the author throws while mending is the better explanation.
                do {
                    guard try prepared.mend(part.lowerBound, after: error, attempt: attempt) else { return error }
                } catch let refusal {
                    return refusal
                }
                attempt += 1
            }
        }
    }

    private static var name: String { "azu_part" }
}

extension Error {
    /// A bulk write found fewer rows than it was given: a trigger, or a rule, kept one from being written.
    var isUnwritten: Bool { (self as? DatabaseError)?.code == .guardFailed }
}
