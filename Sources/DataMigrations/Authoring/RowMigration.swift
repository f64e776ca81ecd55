import Database

/// A change of rows in place.
///
/// The engine reads them in batches along the table's key, lets `transform` change each, sees which columns changed,
/// and writes those, in bulk, in the transaction that also saves how far it came.
///
///     struct BackfillUserSlugs: RowMigration {
///         var rows: Query<User> { User.where("slug IS NULL OR slug = ''") }
///         func transform(_ user: inout User) { user.slug = "\(slugify(user.name))-\(user.id)" }
///     }
///
///     // UPDATE "users" SET "slug" = ? WHERE "id" = ?
public protocol RowMigration: DataMigration {
    /// The table's rows.
    associatedtype RowModel: Model

    /// Which rows. Values in it are evaluated once a run and kept for its resumption. A condition that a transformed
    /// row no longer meets is asked again at the end, until no row meets it.
    var rows: Query<RowModel> { get }

    /// Changes one row. It may be called again for the same row (after a retry, or while a bad row is looked for), so it
    /// must not act on anything but the row. A row for which it throws is quarantined.
    func transform(_ row: inout RowModel) throws

    /// Gives way to another row that holds the new value of a unique column: change `row`, and it is tried again.
    /// By default the row is quarantined.
    func resolve(_ conflict: UniqueConflict, for row: inout RowModel) throws
}

extension RowMigration {
    /// Takes every row through `transform`.
    public func up(_ migration: MigrationContext) async throws { try await migration.run(self) }

    /// Quarantines the row.
    public func resolve(_ conflict: UniqueConflict, for row: inout RowModel) throws { throw conflict }
}

/// A row's new value that another row holds already, in a unique column.
public struct UniqueConflict: Error, Sendable, CustomStringConvertible {
    /// The table.
    public let table: String
    /// The unique columns.
    public let columns: [String]
    /// How often the row was resolved before, counted from 0.
    public let attempt: Int

    /// Names the columns, not the values.
    public var description: String {
        "another row of \(table) has the same \(columns.joined(separator: ", "))"
    }
}
