/// A row of a table as a Swift struct. Conforming is all there is to write:
///
///     struct User: Model {
///         var id: Int64
///         var name: String
///         var createdAt: Date?        // the column created_at
///     }
///
/// The table is the plural of the type's name in snake case (`OrderItem` → `order_items`), the columns are the
/// properties in snake case, the key is `id`. Each can be said otherwise. A struct may name fewer columns than the table has; the others
/// are neither read nor written. A property of a type that is itself `Codable` holds a JSON document.
///
/// Where decoding is the bottleneck, a hand-written `init(from:)` is *not* the remedy; see `docs/performance.md` for
/// what was measured.
public protocol Model: Codable, Sendable {
    /// The table's name, with its schema if it needs one: `shop.users`.
    static var table: String { get }

    /// The columns that find one row, in the order of the table's key: used by `find`, `update`, `delete`, `reload` and
    /// relations. (What a migration walks over is the key that the database itself knows.)
    static var primaryKey: [String] { get }

    /// The column of a property.
    static func column(for property: String) -> String
}

extension Model {
    /// The plural of the type's name in snake case.
    public static var table: String { Naming.plural(Naming.snakeCase(String(describing: Self.self))) }

    /// `id`.
    public static var primaryKey: [String] { ["id"] }

    /// The property's name in snake case.
    public static func column(for property: String) -> String { Naming.snakeCase(property) }
}
