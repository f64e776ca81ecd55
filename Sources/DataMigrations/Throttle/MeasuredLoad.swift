public import Database
import Foundation

/// What a database tells of its own load, and from where on a run waits.
public struct MeasuredLoad: LoadSignal {
    /// What is measured.
    public let measure: LoadMeasure
    /// The value at which the run waits, in the measure's own unit.
    public let limit: Double

    /// Makes a signal.
    public init(_ measure: LoadMeasure, limit: Double) {
        self.measure = measure
        self.limit = limit
    }

    /// What runs look at unless they are told otherwise.
    ///
    /// A replica 10 seconds behind; 80 % of the connections at work; a session that waits for a lock of ours; twice as
    /// many dead rows in the table as living ones.
    public static let standard: [any LoadSignal] = LoadMeasure.allCases.map {
        MeasuredLoad($0, limit: usualLimit(of: $0))
    }

    /// The limit of ``standard``.
    public static func usualLimit(of measure: LoadMeasure) -> Double {
        switch measure {
        case .replicationLag: 10
        case .activeConnections: 0.8
        case .waitingLocks: 1
        case .deadRows: 2
        }
    }

    /// `lag`, `connections`, `locks`, `vacuum`.
    public var name: String { measure.rawValue }

    /// Asks the database.
    ///
    /// - Throws: ``/Database/DatabaseError``; also if the role may not see what is measured.
    public func read(_ connection: any DatabaseConnection, table: String?) async throws -> Load? {
        guard let query = connection.dialect.load(measure, of: table) else { return nil }
        let rows = try await connection.query(query)
        guard rows.count > 0 else { return nil }
        guard let value = rows.value(row: 0, column: 0).number else { throw Unreadable(measure: measure) }
        return Load(
            utilisation: value / limit,
            reason: reason(value, table),
            wantsShorterBatches: measure == .waitingLocks && value >= limit
        )
    }

    private func reason(_ value: Double, _ table: String?) -> String {
        switch measure {
        case .replicationLag: "a replica is \(Self.text(value)) s behind, at most \(Self.text(limit)) s"
        case .activeConnections:
            "\(Int(value * 100)) % of the connections are at work, at most \(Int(limit * 100)) %"
        case .waitingLocks: "\(Int(value)) sessions wait for locks of this run"
        case .deadRows:
            "vacuum is behind on \(table ?? "the table"): \(Self.text(value)) dead rows to a living one, at most "
                + Self.text(limit)
        }
    }

    private static func text(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\((value * 10).rounded() / 10)"
    }

    private struct Unreadable: Error, CustomStringConvertible {
        let measure: LoadMeasure

        var description: String {
            "the role may not see it; GRANT pg_monitor to it, or leave the signal out with --throttle "
                + "\(measure.rawValue)=off"
        }
    }
}

extension Value {
    /// A number, or the two truth values as 1 and 0.
    var number: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .double(let value): value
        case .decimal(let value): NSDecimalNumber(decimal: value).doubleValue
        case .bool(let value): value ? 1 : 0
        case .text(let text): Double(text) ?? ["t": 1, "true": 1, "f": 0, "false": 0][text]
        default: nil
        }
    }
}
