import Database
import Foundation

/// The values of a run, as they are bound in the SQL of a file.
///
///     created_at < CAST($1 AS timestamptz)    -- PostgreSQL
///     created_at < ?                          -- SQLite
///
/// A database that wants to know a value's type is told the one that the file declares. But text is as a string that is
/// written there: what it is compared with says whether it is a text, a UUID, or one of an enumeration.
struct FileValues: Sendable {
    private let values: [String: (value: Value, kind: ParameterType.Kind)]
    private let dialect: any Dialect

    /// Takes the values that some parameters have by now.
    ///
    /// - Parameters:
    ///   - parameters: the parameters.
    ///   - file: the file, for messages.
    ///   - dialect: the database's words.
    /// - Throws: ``MigrationError`` if one has no value.
    init(_ parameters: [ParameterDescription], of file: String, _ dialect: any Dialect) throws {
        self.dialect = dialect
        values = try parameters.reduce(into: [:]) { values, parameter in
            guard let value = parameter.value else {
                throw MigrationError(.arguments, "\(file) has no value for \(parameter.name): only a run gives it one")
            }
            values[parameter.name] = (value, parameter.type.kind)
        }
    }

    /// What stands in the place of a placeholder.
    ///
    /// - Parameters:
    ///   - name: the placeholder.
    ///   - rest: what stands behind it.
    /// - Returns: the bound value; `nil` if it is that of no parameter.
    func sql(_ name: String, before rest: String) -> SQL? {
        guard let (value, kind) = values[name] else { return nil }
        // Nothing tells the type of a value that is only asked for.
        let isAsked = rest.prefixMatch(of: #/(?i)\s*IS\s+(NOT\s+)?NULL\b/#) != nil
        let sample = value.isNull ? kind.sample : value
        guard kind != .text || isAsked, let type = dialect.type(ofBound: sample) else { return "\(value)" }
        return "CAST(\(value) AS \(raw: type))"
    }
}

extension ParameterType.Kind {
    /// Some value of this kind, for NULL, which tells no type.
    fileprivate var sample: Value {
        switch self {
        case .text: .text("")
        case .integer: .integer(0)
        case .number: .double(0)
        case .boolean: .bool(false)
        case .date: .date(Date(timeIntervalSinceReferenceDate: 0))
        }
    }
}
