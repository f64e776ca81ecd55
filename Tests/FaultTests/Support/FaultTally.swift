import Foundation
import Synchronization

/// What became of faults, for the table of docs/reliability.md.
///
/// Where `AZU_FAULT_TALLY` names a file, each kind of fault is a line of it in the end.
final class FaultTally: Sendable {
    static let shared = FaultTally()

    struct Line: Codable, Sendable {
        var fault: String
        var database: String
        var injected = 0
        var lost = 0
        var doubled = 0
        var repeated = 0
    }

    private let lines = Mutex<[String: Line]>([:])

    /// Takes what became of one fault, or of several of a kind.
    ///
    /// - Parameters:
    ///   - fault: what went wrong.
    ///   - database: where.
    ///   - count: how often.
    ///   - lost: rows, or writes of rows, that are missing in the end.
    ///   - doubled: rows, or writes of rows, that are there and should not be.
    ///   - repeated: batches that were begun once more.
    func record(_ fault: String, on database: String, count: Int = 1, lost: Int, doubled: Int, repeated: Int) {
        lines.withLock { lines in
            var line = lines[database + fault] ?? Line(fault: fault, database: database)
            line.injected += count
            line.lost += lost
            line.doubled += doubled
            line.repeated += repeated
            lines[database + fault] = line
            // Whoever runs the tests ends their process without a word.
            write(lines.values.sorted { ($0.database, $0.fault) < ($1.database, $1.fault) })
        }
    }

    private func write(_ lines: [Line]) {
        guard let path = ProcessInfo.processInfo.environment["AZU_FAULT_TALLY"], !path.isEmpty else { return }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        try? encoder.encode(lines).write(to: URL(filePath: path), options: .atomic)
    }
}
