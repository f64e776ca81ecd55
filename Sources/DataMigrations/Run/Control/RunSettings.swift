import Foundation

/// What somebody has set for a run while it goes on, for all of its processes.
public struct RunSettings: Sendable, Hashable, Codable {
    /// How many rows a batch takes; `nil` for what the migration says.
    public var batchSize: Int?
    /// How many workers each process has; `nil` for what it was started with.
    public var workers: Int?
    /// How many rows a second all processes may take together; `nil` for what each was started with.
    public var rowsPerSecond: Double?

    /// Makes settings that change nothing.
    public init() {}

    init(json: String?) {
        self = json.flatMap { try? JSONDecoder().decode(Self.self, from: Data($0.utf8)) } ?? RunSettings()
    }

    var json: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }

    /// Takes `batch-size=500`, `workers=2`, `rows-per-second=1000`; `auto` has it as it was before.
    ///
    /// - Throws: ``MigrationError`` if it is no such setting.
    public mutating func set(_ assignment: String) throws {
        let parts = assignment.split(separator: "=", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { throw Self.wrong(assignment) }
        let isUsual = parts[1] == "auto"
        switch parts[0] {
        case "batch-size":
            batchSize = isUsual ? nil : try Self.number(parts[1], in: 1...1_000_000, assignment)
        case "workers": workers = isUsual ? nil : try Self.number(parts[1], in: 1...64, assignment)
        case "rows-per-second":
            guard isUsual || (Double(parts[1]).map { $0 >= 0.01 && $0 <= 1e12 } ?? false) else {
                throw Self.wrong(assignment)
            }
            rowsPerSecond = Double(parts[1])
        default: throw Self.wrong(assignment)
        }
    }

    private static func number(_ text: String, in range: ClosedRange<Int>, _ assignment: String) throws -> Int {
        guard let number = Int(text), range.contains(number) else { throw wrong(assignment) }
        return number
    }

    private static func wrong(_ assignment: String) -> MigrationError {
        MigrationError(
            .state,
            "'\(assignment)' is no setting; there are batch-size=1...1000000, workers=1...64, rows-per-second=N, each also "
                + "=auto"
        )
    }
}
