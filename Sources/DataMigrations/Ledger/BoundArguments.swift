import Database
import Foundation

/// The values of a run's parameters, and those that were bound in the migration's queries when the run began, by step:
/// `Date.now` in a condition must mean the same instant for every batch, and after a crash.
struct BoundArguments: Sendable, Codable, Hashable {
    private var steps: [String: Step] = [:]
    /// Left out where a migration has none, as older programs wrote it.
    private var set: [String: StoredValue]?

    private struct Step: Codable, Hashable {
        var sql: String
        var values: [StoredValue]
    }

    init() {}

    init(parameters: [String: Value]) { self.parameters = parameters }

    /// The values of the parameters, by name.
    var parameters: [String: Value] {
        get { set?.mapValues(\.value) ?? [:] }
        set { set = newValue.isEmpty ? nil : newValue.mapValues(StoredValue.init) }
    }

    private enum CodingKeys: String, CodingKey {
        case steps
        case set = "parameters"
    }

    init?(json: String) {
        guard let arguments = try? JSONDecoder().decode(Self.self, from: Data(json.utf8)) else { return nil }
        self = arguments
    }

    var json: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // A dictionary of strings, numbers and lists of them can't fail to encode.
        return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }

    /// A step's condition with the values it had when the run began.
    ///
    /// Remembers them if it begins now.
    ///
    /// - Throws: ``MigrationError`` if the condition is another one by now.
    mutating func bind(_ predicate: SQL, of step: String, dialect: any Dialect) throws -> SQL {
        let text = predicate.rendered(for: dialect).text
        guard let known = steps[step] else {
            steps[step] = Step(sql: text, values: predicate.values.map(StoredValue.init))
            return predicate
        }
        guard known.sql == text, let bound = predicate.binding(known.values.map(\.value)) else {
            throw MigrationError(
                .sourceChanged,
                "the rows of the migration are chosen by another condition than when the run began; put it back, or "
                    + "roll the run back first"
            )
        }
        return bound
    }
}
