import DataMigrations

/// What a rollback would do, for a person.
struct RollbackReport {
    private let plan: RollbackPlan
    private let policy: ConflictPolicy

    init(_ plan: RollbackPlan, _ policy: ConflictPolicy) {
        self.plan = plan
        self.policy = policy
    }

    var lines: [String] {
        var lines = ["\(plan.version) \(plan.name)"]
        if plan.usesDown { return lines + ["  its own down takes it back; it ran through, and was rolled back"] }
        if plan.tables.isEmpty { lines.append("  nothing to take back") }
        for table in plan.tables {
            let parts = [
                (table.restored, "get their old values back"), (table.reinserted, "are inserted again"),
                (table.removed, "are deleted"),
            ].filter { $0.0 > 0 }.map { "\(Numbers.rows($0.0)) \($0.1)" }
            lines.append("  \(table.name): \(parts.joined(separator: ", "))")
        }
        for statement in plan.outside { lines.append("  not in the journal, so it stays: \(statement)") }
        guard plan.conflictCount > 0 else { return lines }
        lines.append("  \(Numbers.rows(plan.conflictCount)) changed since; \(consequence)")
        for conflict in plan.conflicts {
            lines.append("    \(conflict.table) \(conflict.key): \(conflict.reason)")
            if let before = conflict.before { lines.append("      before:   \(before)") }
            if let wrote = conflict.wrote { lines.append("      migrated: \(wrote)") }
            lines.append("      now:      \(conflict.now ?? "gone")")
        }
        let hidden = plan.conflictCount - plan.conflicts.count
        if hidden > 0 { lines.append("    and \(Numbers.count(hidden)) more") }
        return lines
    }

    private var consequence: String {
        switch policy {
        case .stop: "nothing would be rolled back, unless --on-conflict skip or force is given"
        case .skip: "they stay as they are"
        case .force: "they are overwritten; one that is gone stays gone"
        }
    }
}

/// The same for a program.
struct RollbackRecord: Encodable {
    var version: String
    var name: String
    var usesDown: Bool
    var tables: [RollbackPlan.Table]
    var conflictCount: Int
    var conflicts: [UndoConflict]
    var outside: [String]

    init(_ plan: RollbackPlan) {
        version = plan.version
        name = plan.name
        usesDown = plan.usesDown
        tables = plan.tables
        conflictCount = plan.conflictCount
        conflicts = plan.conflicts
        outside = plan.outside
    }
}
