import DataMigrations
import MigrationNaming
import SQLFiles
import SchemaMigrations

/// A migration of either kind that is to be done.
enum TimelineStep {
    case schema(SchemaMigration)
    case data(MigrationPlan.Entry)

    var version: String {
        switch self {
        case .schema(let migration): migration.version
        case .data(let entry): entry.version
        }
    }

    /// The schema migration, if it is one.
    var schema: SchemaMigration? {
        if case .schema(let migration) = self { migration } else { nil }
    }

    /// The data migration, if it is one.
    var data: MigrationPlan.Entry? {
        if case .data(let entry) = self { entry } else { nil }
    }

    /// What would be done, for a person.
    var lines: [String] {
        switch self {
        case .schema(let migration):
            let how = migration.up.isTransactional ? "" : " (statement by statement, without a transaction)"
            let requirements = migration.requirements.map { "  needs the data migration \($0)" }
            return ["\(migration.label)\(how)"] + requirements
                + migration.up.statements.flatMap { statement in
                    (statement.text + ";").split(separator: "\n", omittingEmptySubsequences: false).map { "  \($0)" }
                }
        case .data(let entry):
            return [
                "\(entry.version) \(entry.name) (data: \(Hint.complete("azu db:data:plan")) \(entry.name) shows it)"
            ]
        }
    }
}

/// What would be done, for a program.
struct TimelineStepRecord: Encodable {
    var version: String
    var name: String
    var kind: String
    var path: String?
    var transaction: Bool?
    var requires: [String]?
    var statements: [String]?

    init(_ step: TimelineStep) {
        switch step {
        case .schema(let migration):
            (version, name, kind, path) = (migration.version, migration.name, "schema", migration.path)
            transaction = migration.up.isTransactional
            requires = migration.requirements
            statements = migration.up.statements.map(\.text)
        case .data(let entry):
            (version, name, kind, path) = (entry.version, entry.name, "data", entry.source?.path)
        }
    }
}

/// Schema migrations and data migrations in one order.
enum Timeline {
    /// The steps in the order of their versions; of one version, the schema comes first.
    static func steps(_ schema: [SchemaMigration], _ data: [MigrationPlan.Entry]) -> [TimelineStep] {
        var steps: [TimelineStep] = []
        var rest = data[...]
        for migration in schema {
            let before = rest.prefix { VersionOrder.isOlder($0.version, than: migration.version) }
            steps += before.map(TimelineStep.data)
            rest = rest.dropFirst(before.count)
            steps.append(.schema(migration))
        }
        return steps + rest.map(TimelineStep.data)
    }

    /// The data migrations that are not executed.
    static func pending(_ plan: MigrationPlan, _ statuses: [MigrationStatus]) -> [MigrationPlan.Entry] {
        let executed = Set(statuses.filter { $0.executedAt != nil }.map(\.version))
        return plan.entries.filter { !executed.contains($0.version) }
    }

    /// What is told to whoever names a migration that there is not.
    ///
    /// - Parameters:
    ///   - reference: the version or name.
    ///   - schema: the schema migrations that there are.
    ///   - plan: the data migrations, where these are asked for too.
    /// - Returns: one line with the nearest ones.
    static func unknown(_ reference: String, _ schema: [SchemaMigration], _ plan: MigrationPlan?) -> CommandFailure {
        let known = schema.map { ($0.version, $0.name) } + (plan?.entries ?? []).map { ($0.version, $0.name) }
        let isVersion = reference.first?.isNumber ?? false
        let near = Nearest.names(to: reference, among: known.map { isVersion ? $0.0 : $0.1 }, separator: "_")
        let hint = near.isEmpty ? "azu db:status lists them" : "did you mean \(near.either)?"
        return CommandFailure("there is no \(plan == nil ? "schema " : "")migration \(reference); \(hint)")
    }

    /// Refuses data migrations that are out of order, changed or missing.
    ///
    /// - Throws: ``CommandFailure`` that names them.
    static func refuseIrregular(_ statuses: [MigrationStatus]) throws {
        let newest = statuses.last { $0.executedAt != nil }?.version ?? ""
        let irregular = statuses.filter { status in
            let isLate =
                status.executedAt == nil && status.state == nil && !status.isSkipped && status.version < newest
            return isLate || status.notes.contains { ["source changed", "missing from this program"].contains($0) }
        }
        guard !irregular.isEmpty else { return }
        throw CommandFailure(
            "data migrations and the database disagree, so --strict runs nothing; azu db:status shows them all",
            rows: irregular.map { "\($0.version) \($0.name): \($0.notes.joined(separator: ", "))" }
        )
    }
}
