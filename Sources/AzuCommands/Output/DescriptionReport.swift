import DataMigrations

/// What a migration is, for a person.
///
///     20240105120000 archive_old_orders
///       status         pending
///       file           db/data_migrations/20240105120000_data_archive_old_orders.swift
///       rows           orders, in batches
///       tags           after-deploy
///       parameters
///         cutoff  date, required      Orders before this day are archived.
///         items   integer, usually 100
struct DescriptionReport {
    private let description: MigrationDescription

    init(_ description: MigrationDescription) { self.description = description }

    var lines: [String] {
        let status = description.status
        var fields = [("status", status.word + executed)]
        if let path = status.path { fields.append(("file", path)) }
        if let sha256 = description.sha256 { fields.append(("SHA-256", sha256)) }
        if let rows { fields.append(("rows", rows)) }
        if !status.tags.isEmpty { fields.append(("tags", status.tags.joined(separator: ", "))) }
        if !status.environments.isEmpty { fields.append(("environments", status.environments.joined(separator: ", "))) }
        if let options = description.options { fields += Self.fields(options) }
        var lines = ["\(status.version) \(status.name)"]
        lines += fields.map { "  \($0.0.padded(to: 15))\($0.1)" }
        lines += status.notes.map { "  note: \($0)" }
        if let error = status.error { lines.append("  error: \(error)") }
        guard !description.arguments.isEmpty else { return lines + ["  no parameters"] }
        return lines + ["  parameters"] + parameters
    }

    private var executed: String { description.status.executedAt.map { ", executed at \($0) (UTC)" } ?? "" }

    private var rows: String? {
        guard let source = description.source else { return nil }
        return description.kind == .rows ? "\(source), in place" : "\(source), in batches"
    }

    private static func fields(_ options: MigrationOptions) -> [(String, String)] {
        let batch =
            switch options.batchSize {
            case .adaptive(let most): "by measured time, at most \(Numbers.count(most)) rows"
            case .fixed(let rows): Numbers.rows(rows)
            }
        var fields = [("batch", batch), ("bad rows", "stops at more than \(Numbers.count(options.quarantineLimit))")]
        if case .upTo(let most) = options.tolerates {
            fields.append(("tolerates", "\(Numbers.rows(most)) in quarantine"))
        }
        if options.journal == .off { fields.append(("journal", "off")) }
        return fields
    }

    private var parameters: [String] {
        let arguments = description.arguments
        let name = arguments.map(\.parameter.name.count).max() ?? 0
        let words = arguments.map(Self.words)
        let width = words.map(\.count).max() ?? 0
        return zip(arguments, words).map { argument, words in
            let line = "    \(argument.parameter.name.padded(to: name + 2))\(words.padded(to: width + 2))"
            let text = line + argument.parameter.help
            return String(text[..<(text.lastIndex { $0 != " " }.map { text.index(after: $0) } ?? text.startIndex)])
        }
    }

    private static func words(_ argument: MigrationDescription.Argument) -> String {
        let type = argument.parameter.type
        var words = type.choices.isEmpty ? type.kind.rawValue : type.choices.joined(separator: "|")
        if argument.parameter.isRequired {
            words += ", required"
        } else if let usual = argument.defaultText, !usual.isEmpty {
            words += ", usually \(usual)"
        } else {
            words += ", optional"
        }
        if let value = argument.value { words += value.isEmpty ? "; this run: none" : "; this run: \(value)" }
        return words
    }
}

extension String {
    /// The text with blanks behind it, up to a width.
    fileprivate func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}

/// The same for a program.
struct DescriptionRecord: Encodable {
    var version: String
    var name: String
    var status: String
    var kind: MigrationDescription.Kind
    var source: String?
    var path: String?
    var sha256: String?
    var tags: [String]
    var environments: [String]
    var parameters: [Parameter]
    var options: Options?
    var executedAt: String?
    var error: String?
    var notes: [String]

    struct Parameter: Encodable {
        var name: String
        var type: ParameterType.Kind
        var choices: [String]?
        var required: Bool
        var help: String
        var usual: String?
        var value: String?

        private enum CodingKeys: String, CodingKey {
            case name, type, choices, required, help, value
            case usual = "default"
        }
    }

    struct Options: Encodable {
        /// `nil` where batches follow the measured time.
        var batchSize: Int?
        var largestBatch: Int
        var quarantineLimit: Int
        var tolerates: Int
        var journal: Bool
    }

    init(_ description: MigrationDescription) {
        let status = description.status
        version = status.version
        name = status.name
        self.status = status.word
        kind = description.kind
        source = description.source
        path = status.path
        sha256 = description.sha256
        tags = status.tags
        environments = status.environments
        parameters = description.arguments.map { argument in
            let parameter = argument.parameter
            return Parameter(
                name: parameter.name,
                type: parameter.type.kind,
                choices: parameter.type.choices.isEmpty ? nil : parameter.type.choices,
                required: parameter.isRequired,
                help: parameter.help,
                usual: argument.defaultText,
                value: argument.value
            )
        }
        options = description.options.map(Options.init)
        executedAt = status.executedAt
        error = status.error
        notes = status.notes
    }
}

extension DescriptionRecord.Options {
    init(_ options: MigrationOptions) {
        switch options.batchSize {
        case .fixed(let rows): (batchSize, largestBatch) = (rows, rows)
        case .adaptive(let most): (batchSize, largestBatch) = (nil, most)
        }
        quarantineLimit = options.quarantineLimit
        tolerates = if case .upTo(let most) = options.tolerates { most } else { 0 }
        journal = options.journal == .on
    }
}

extension MigrationStatus {
    /// The state in a word: that of the newest run, `skipped` where the migration is for another environment, or `pending`.
    var word: String {
        if isSkipped { return "skipped" }
        return state?.rawValue ?? "pending"
    }
}
