import Database
import Synchronization

/// A value that whoever runs a migration gives it: `azu db:data:run archive_old_orders --set cutoff=2024-01-01`.
///
///     struct ArchiveOldOrders: BatchMigration {
///         @Parameter("Orders before this day are archived.") var cutoff: Date
///         @Parameter("At most so many items.", validate: { $0 > 0 }) var items = 100
///         @Parameter var status: String?
///
///         var rows: Query<Order> { Order.where("created_at < \(cutoff)") }
///         …
///     }
///
/// Without a default a parameter must be given, unless it is optional. The values are settled when a run begins, and are
/// stored with it: whoever goes on with the run, verifies it or takes it back, in whatever process, has the same ones.
///
/// A value that is set in Swift, as in a test, takes the default's place:
///
///     var migration = ArchiveOldOrders()
///     migration.cutoff = .distantPast
@propertyWrapper
public struct Parameter<Wrapped: ParameterValue>: Sendable {
    private let help: String
    private let validate: (@Sendable (Wrapped) throws -> Bool)?
    private var usual: Wrapped?
    private var slot = Slot()

    /// Makes a parameter that must be given, unless it is optional.
    ///
    /// - Parameters:
    ///   - help: what it is for, in a sentence.
    ///   - validate: whether a value will do; what it throws is told to whoever gave the value.
    public init(_ help: String = "", validate: (@Sendable (Wrapped) throws -> Bool)? = nil) {
        self.help = help
        self.validate = validate
    }

    /// Makes a parameter with a default.
    ///
    /// - Parameters:
    ///   - help: what it is for, in a sentence.
    ///   - usual: the value of a run for which none is given; also stored, so that `Date.now` is the same for the whole run.
    ///   - validate: whether a value will do; what it throws is told to whoever gave the value.
    public init(
        _ help: String = "",
        default usual: Wrapped,
        validate: (@Sendable (Wrapped) throws -> Bool)? = nil
    ) {
        self.init(help, validate: validate)
        self.usual = usual
    }

    /// Makes a parameter with a default that is written behind the property.
    ///
    /// - Parameters:
    ///   - wrappedValue: the value of a run for which none is given.
    ///   - help: what it is for, in a sentence.
    ///   - validate: whether a value will do; what it throws is told to whoever gave the value.
    public init(
        wrappedValue: Wrapped,
        _ help: String = "",
        validate: (@Sendable (Wrapped) throws -> Bool)? = nil
    ) {
        self.init(help, default: wrappedValue, validate: validate)
    }

    /// The run's value; before a run, the default.
    public var wrappedValue: Wrapped {
        get {
            if let value = slot.value ?? usual ?? Wrapped(parameterValue: .null) { return value }
            preconditionFailure(
                "a @Parameter that has no default was read before a run gave it a value\(help.isEmpty ? "" : ": " + help)"
            )
        }
        set {
            usual = newValue
            // A copy that a run works with keeps what the run gave it.
            slot = Slot()
        }
    }

    /// What the copies of one migration share: the value of their run.
    ///
    /// A migration is made anew for each run, and its workers read at the same time.
    private final class Slot: Sendable {
        private let state = Mutex<Wrapped?>(nil)

        var value: Wrapped? { state.withLock { $0 } }
        func set(_ value: Wrapped) { state.withLock { $0 = value } }
    }
}

/// A ``Parameter`` of any type.
protocol DeclaredParameter {
    /// What it is, under the name of its property.
    func described(as name: String) -> ParameterDescription
}

extension Parameter: DeclaredParameter {
    func described(as name: String) -> ParameterDescription {
        ParameterDescription(
            name: name,
            type: Wrapped.parameterType,
            help: help,
            default: usual?.parameterValue,
            storage: Storage(slot: slot, validate: validate)
        )
    }

    private struct Storage: ParameterStorage {
        let slot: Slot
        let validate: (@Sendable (Wrapped) throws -> Bool)?

        func accepts(_ value: Value) throws -> Bool {
            guard let value = Wrapped(parameterValue: value) else { return false }
            return try validate?(value) ?? true
        }

        func bind(_ value: Value) -> Bool {
            guard let value = Wrapped(parameterValue: value) else { return false }
            slot.set(value)
            return true
        }

        var value: Value? { slot.value?.parameterValue }
    }
}
