public import Database
import Synchronization

/// A parameter of a migration, whatever declares it: a ``Parameter`` in Swift, or a line of a file.
public struct ParameterDescription: Sendable {
    /// The name, as in `--set name=value`.
    public let name: String
    /// What values it may have.
    public let type: ParameterType
    /// What it is for, in a sentence; empty, if nobody says.
    public let help: String
    /// The value of a run for which none is given; `nil` if there is none.
    public let defaultValue: Value?
    private let storage: any ParameterStorage

    /// Whether a run can't begin unless a value is given.
    public var isRequired: Bool { defaultValue == nil && !type.isOptional }

    /// The value of the run that this migration was made for; `nil` before it has one.
    public var value: Value? { storage.value }

    /// Makes a parameter of a migration that has no property for it.
    ///
    /// The migration keeps it, and finds the run's value in ``value``.
    public init(name: String, type: ParameterType, help: String = "", default defaultValue: Value? = nil) {
        self.init(name: name, type: type, help: help, default: defaultValue, storage: PlainStorage(type: type))
    }

    init(
        name: String,
        type: ParameterType,
        help: String,
        default defaultValue: Value?,
        storage: any ParameterStorage
    ) {
        self.name = name
        self.type = type
        self.help = help
        self.defaultValue = defaultValue
        self.storage = storage
    }

    /// The parameters that are properties of a migration, in their order.
    static func declared(in migration: any DataMigration) -> [ParameterDescription] {
        var found: [ParameterDescription] = []
        var mirror: Mirror? = Mirror(reflecting: migration)
        while let here = mirror {
            found += here.children.compactMap { label, value in
                // The property of a wrapper has a `_` before its name.
                guard let label, let parameter = value as? any DeclaredParameter else { return nil }
                return parameter.described(as: label.hasPrefix("_") ? String(label.dropFirst()) : label)
            }
            mirror = here.superclassMirror
        }
        return found
    }

    /// Whether somebody means this parameter: `oldest_first` and `oldest-first` are `oldestFirst`, too.
    public func isCalled(_ name: String) -> Bool {
        name == self.name || Naming.snakeCase(self.name) == name.replacing("-", with: "_")
    }

    /// Whether a value is of the type, and passes the author's validation.
    ///
    /// - Throws: what the validation throws.
    func accepts(_ value: Value) throws -> Bool { try storage.accepts(value) }

    /// Gives the migration the value of its run.
    ///
    /// - Returns: whether it is of the parameter's type.
    func bind(_ value: Value) -> Bool { storage.bind(value) }
}

/// Where a parameter keeps the value of the run.
protocol ParameterStorage: Sendable {
    func accepts(_ value: Value) throws -> Bool
    func bind(_ value: Value) -> Bool
    var value: Value? { get }
}

/// The storage of a parameter that is no property.
final class PlainStorage: ParameterStorage {
    private let type: ParameterType
    private let state = Mutex<Value?>(nil)

    init(type: ParameterType) { self.type = type }

    func accepts(_ value: Value) -> Bool { type.holds(value) }

    func bind(_ value: Value) -> Bool {
        guard accepts(value) else { return false }
        state.withLock { $0 = value }
        return true
    }

    var value: Value? { state.withLock { $0 } }
}
