public import Database

/// A change of data that is made once in each database.
///
/// Conform to ``RowMigration`` where rows change in place, to ``BatchMigration`` where rows are moved, imported or
/// deleted, and to this protocol itself for anything else:
///
///     struct MigrateUserRoles: DataMigration {
///         func up(_ migration: MigrationContext) async throws {
///             try await migration.step("roles") { batch in
///                 try await batch.execute("INSERT INTO roles (name) SELECT DISTINCT role FROM users")
///             }
///         }
///     }
public protocol DataMigration: RunHooks {
    /// Migrations are made by the engine, once a run.
    init()

    /// How it is run.
    var options: MigrationOptions { get }

    /// What it takes from whoever runs it. By default, its properties that are a ``Parameter``.
    var parameters: [ParameterDescription] { get }

    /// What it belongs to: `azu db:data:migrate --tag after-deploy` runs those with one of its tags, `--skip-tag` the others.
    ///
    /// Known before a run is, so it must not depend on a ``Parameter``.
    var tags: Set<String> { get }

    /// The only environments it is meant for, such as `production`; all, if there are none.
    ///
    /// Elsewhere it is skipped, and does not count as executed. Must not depend on a ``Parameter``.
    var environments: Set<String> { get }

    /// Makes the change. It may be called again after a run that was stopped or killed; steps and batches that were
    /// committed are passed over then.
    func up(_ migration: MigrationContext) async throws

    /// Takes the change back.
    ///
    /// By default, the journal does: it knows what each batch changed, inserted and deleted.
    func down(_ migration: MigrationContext) async throws

    /// Says whether the change is right, once all rows are through; by throwing, if not. The run then fails, and the
    /// migration does not count as executed. `azu db:data:verify` asks it again, at any time.
    func verify(_ database: any DatabaseAccess) async throws
}

extension DataMigration {
    /// The defaults of ``MigrationOptions``.
    public var options: MigrationOptions { MigrationOptions() }

    /// The properties that are a ``Parameter``.
    public var parameters: [ParameterDescription] { ParameterDescription.declared(in: self) }

    /// None.
    public var tags: Set<String> { [] }

    /// All.
    public var environments: Set<String> { [] }

    /// Leaves it to the journal.
    public func down(_ migration: MigrationContext) async throws { throw NoDown() }

    /// Nothing more to ask.
    public func verify(_ database: any DatabaseAccess) async throws {}
}

/// Nobody wrote a `down`.
struct NoDown: Error {}
