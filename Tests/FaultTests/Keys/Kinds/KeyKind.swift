import Database
import TestSupport

/// A type that a column of a key may have.
protocol KeyKind: Sendable {
    /// Takes one of the ways in which the database defines such a column.
    init(in store: Store, using random: inout SplitMix)

    /// The column's type, as CREATE TABLE takes it.
    var type: String { get }

    /// Makes what the type needs.
    ///
    /// - Returns: whether the server has what it takes.
    func prepare(_ connection: any DatabaseConnection) async throws -> Bool

    /// A random value of it.
    func value(using random: inout SplitMix) -> Value
}

extension KeyKind {
    /// Nothing is needed.
    func prepare(_ connection: any DatabaseConnection) async throws -> Bool { true }
}

/// The types that keys are made of.
enum KeyKinds {
    /// One that has values enough for a key of its own.
    static func wide(in store: Store, using random: inout SplitMix) -> any KeyKind {
        let kind = random.pick(wideKinds(in: store))
        return kind.init(in: store, using: &random)
    }

    /// Any of them.
    static func arbitrary(in store: Store, using random: inout SplitMix) -> any KeyKind {
        let kind = random.pick(wideKinds(in: store) + narrowKinds(in: store))
        return kind.init(in: store, using: &random)
    }

    /// Text stands there twice, for its collations.
    private static func wideKinds(in store: Store) -> [any KeyKind.Type] {
        let shared: [any KeyKind.Type] = [
            IntegerKey.self, TextKey.self, TextKey.self, UUIDKey.self, BytesKey.self, DecimalKey.self,
            TimestampKey.self, DateKey.self, DoubleKey.self,
        ]
        return store == .sqlite ? shared + [MixedKey.self] : shared
    }

    private static func narrowKinds(in store: Store) -> [any KeyKind.Type] {
        let shared: [any KeyKind.Type] = [BooleanKey.self]
        return store == .postgres ? shared + [EnumerationKey.self] : shared
    }
}
