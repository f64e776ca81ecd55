import DataMigrations

/// What a migration would do, for a person.
///
///     20240103120000 backfill_user_slugs: 1 000 000 rows of users to visit, 10 to 35 s
///
///       ~ users 1   slug: NULL → person-1-1
///       + articles 7   title: A, status: draft
///       - orders 3   total: 12.50, status: paid
struct PreviewReport {
    private let preview: Preview
    private let paint: Paint

    init(_ preview: Preview, paint: Paint = Paint()) {
        self.preview = preview
        self.paint = paint
    }

    var lines: [String] {
        var lines = ["\(preview.version) \(preview.name)\(work)"]
        if let failure = preview.failure { lines.append("  would fail: \(failure)") }
        lines += section("sampled rows", rows)
        lines += section("would be put aside", preview.quarantined.map { "\($0.locator)  \($0.error)" })
        lines += section("the SQL", preview.statements.map { "\(Self.cut($0.sql, to: 300))  (\($0.count)×)" })
        for source in preview.sources {
            lines += section("how a batch of \(source.label) is read", source.plan)
            lines += source.warnings.map { "  " + paint.warning("warning: \($0)") }
        }
        lines += section("locks", preview.locks)
        lines += section("triggers", preview.triggers)
        if let bytes = preview.bytesPerRow {
            lines.append("  log: about \(Numbers.bytes(bytes)) a row\(total(bytes))")
        }
        lines += preview.notes.map { "  note: \(Hint.complete($0))" }
        return lines
    }

    // MARK: Parts

    private var work: String {
        if !preview.hasWork, preview.failure == nil { return ": nothing to do" }
        var parts = preview.sources.map { source in
            if let bytes = source.bytes {
                let rows = source.rows.map { ", about \(Numbers.rows($0))" } ?? ""
                return "\(source.label), \(Numbers.bytes(bytes))\(rows)"
            }
            let rows = source.rows.map { "\(source.isExact ? "" : "about ")\(Numbers.rows($0))" } ?? "rows"
            return "\(rows) of \(source.label) to visit"
        }
        if let seconds = preview.seconds {
            let (best, worst) = (Duration.seconds(seconds.lowerBound), Duration.seconds(seconds.upperBound))
            parts.append("\(Numbers.duration(best)) to \(Numbers.duration(worst))")
        }
        return parts.isEmpty ? "" : ": " + parts.joined(separator: ", ")
    }

    private var rows: [String] {
        guard preview.batches > 0 else { return [] }
        let counters = preview.counters
        let unchanged = max(0, counters.visited - counters.changed - counters.quarantined)
        let isMoved = counters.inserted + counters.deleted > 0
        let parts = [
            (counters.visited, "read"), (counters.changed, "changed"),
            (isMoved ? 0 : unchanged, "unchanged"), (counters.inserted, "inserted"),
            (counters.deleted, "deleted"), (counters.skipped, "skipped"), (counters.quarantined, "put aside"),
        ].filter { $0.0 > 0 }.map { "\(Numbers.count($0.0)) \($0.1)" }
        let summary = parts.isEmpty ? "no rows" : parts.joined(separator: ", ")
        return preview.rows.map(line) + ["\(tried): \(summary)"]
    }

    private var tried: String {
        preview.batches == 1 ? "1 batch tried" : "\(Numbers.count(preview.batches)) batches tried"
    }

    private func line(_ row: Preview.Row) -> String {
        let place = "\(row.table) \(row.key)"
        switch row.kind {
        case .changed:
            let fields = row.fields.map { field in
                "\(field.column): \(paint.old(Self.value(field.before))) → \(paint.new(Self.value(field.after)))"
            }
            return "~ \(place)  \(fields.joined(separator: ", "))"
        case .inserted:
            return paint.new("+ \(place)  \(list(row.fields.map { ($0.column, $0.after) }))")
        case .deleted:
            return paint.old("- \(place)  \(list(row.fields.map { ($0.column, $0.before) }))")
        }
    }

    private func list(_ fields: [(String, String?)]) -> String {
        fields.map { "\($0.0): \(Self.value($0.1))" }.joined(separator: ", ")
    }

    private func section(_ title: String, _ lines: [String]) -> [String] {
        lines.isEmpty ? [] : ["  \(title):"] + lines.map { "    " + $0 }
    }

    private func total(_ bytesPerRow: Int) -> String {
        let rows = preview.sources.reduce(0) { $0 + ($1.rows ?? 0) }
        return rows > 0 ? ", \(Numbers.bytes(rows * bytesPerRow)) in all" : ""
    }

    private static func value(_ text: String?) -> String {
        guard let text else { return "NULL" }
        // What the eye does not see is what many migrations are about.
        let isPlain = text.unicodeScalars.allSatisfy { $0.value >= 0x20 } && text.first != " " && text.last != " "
        if isPlain, !text.isEmpty { return cut(text, to: 40) }
        let escaped = text.unicodeScalars.map { scalar in
            switch scalar {
            case "\n": "\\n"
            case "\t": "\\t"
            case "\r": "\\r"
            default: scalar.value < 0x20 ? "\\u{\(String(scalar.value, radix: 16))}" : String(scalar)
            }
        }
        return "\"" + cut(escaped.joined(), to: 38) + "\""
    }

    private static func cut(_ text: String, to length: Int) -> String {
        text.count <= length ? text : text.prefix(length - 1) + "…"
    }
}

/// Colours, where a person looks at a terminal.
struct Paint {
    private let isOn: Bool

    /// Paints on a terminal, unless NO_COLOR is set (https://no-color.org).
    init() { isOn = Terminal.hasColour }

    init(isOn: Bool) { self.isOn = isOn }

    func old(_ text: String) -> String { paint(text, "31") }
    func new(_ text: String) -> String { paint(text, "32") }
    func warning(_ text: String) -> String { paint(text, "33") }

    private func paint(_ text: String, _ code: String) -> String { isOn ? "\u{1b}[\(code)m\(text)\u{1b}[0m" : text }
}
