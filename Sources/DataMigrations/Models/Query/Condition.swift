public import Database

/// A condition on a property: `\.active == true`, `\.role == nil`, `\.age >= 18`.
public struct Condition<M: Model>: Sendable {
    /// The condition in SQL.
    public let sql: SQL

    init(_ path: PartialKeyPath<M>, _ operation: String, _ value: Value) {
        let property = Self.property(path)
        // What lies inside of a property is no column: its dots stay, so that the database refuses it.
        let column: SQL = "\(identifier: property.contains(".") ? property : M.column(for: property))"
        sql =
            switch (operation, value.isNull) {
            case ("=", true): "\(column) IS NULL"
            case ("<>", true): "\(column) IS NOT NULL"
            default: "\(column) \(raw: operation) \(value)"
            }
    }

    /// The name of a stored property: SE-0369 defines the description of a key path, `\User.name`.
    private static func property(_ path: PartialKeyPath<M>) -> String {
        let description = String(reflecting: path)
        let root = "\\\(M.self)."
        return description.hasPrefix(root)
            ? String(description.dropFirst(root.count))
            : description.split(separator: ".").last.map(String.init) ?? ""
    }
}

/// Rows whose property has a value; `nil` is `IS NULL`.
public func == <M: Model, V: ValueConvertible>(path: KeyPath<M, V>, value: V) -> Condition<M> {
    Condition(path, "=", value.databaseValue)
}

/// Rows whose property has another value; `nil` is `IS NOT NULL`.
public func != <M: Model, V: ValueConvertible>(path: KeyPath<M, V>, value: V) -> Condition<M> {
    Condition(path, "<>", value.databaseValue)
}

/// Rows whose property is below a value.
public func < <M: Model, V: ValueConvertible>(path: KeyPath<M, V>, value: V) -> Condition<M> {
    Condition(path, "<", value.databaseValue)
}

/// Rows whose property is at most a value.
public func <= <M: Model, V: ValueConvertible>(path: KeyPath<M, V>, value: V) -> Condition<M> {
    Condition(path, "<=", value.databaseValue)
}

/// Rows whose property is above a value.
public func > <M: Model, V: ValueConvertible>(path: KeyPath<M, V>, value: V) -> Condition<M> {
    Condition(path, ">", value.databaseValue)
}

/// Rows whose property is at least a value.
public func >= <M: Model, V: ValueConvertible>(path: KeyPath<M, V>, value: V) -> Condition<M> {
    Condition(path, ">=", value.databaseValue)
}
