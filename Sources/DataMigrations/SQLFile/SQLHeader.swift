import Database
import MigrationNaming
import SQLFiles

/// What the lines `-- azu:…` of a data migration say.
struct SQLHeader {
    /// The lines that there are.
    enum Name: String, CaseIterable {
        /// The table whose rows are walked.
        case table
        /// The columns along which it is walked.
        case key
        /// Which rows.
        case `where`
        /// How many rows a batch takes: `5000`, or `max 20000`.
        case batch
        /// A query that must find nothing at the end.
        case verify
        /// `off` keeps no before-images.
        case journal
        /// How many bad rows a run may have and still count as executed.
        case tolerates
        /// How many bad rows are put aside before the run fails.
        case quarantine
        /// What whoever runs it gives: `cutoff date = 2024-01-01 Orders before this day are archived.`
        case param
        /// What it belongs to.
        case tags
        /// The only environments it is meant for.
        case environments
        /// What stands behind takes the migration back.
        case down
    }

    /// The rows of a part.
    struct Rows {
        var table: String?
        /// Where ``table`` stands.
        var position: SQLPosition?
        var key: [String] = []
        var filters: [String] = []

        /// Takes the table of another part, with its key; not its condition, which rows may not meet any more.
        mutating func inherit(_ other: Rows) {
            guard table == nil else { return }
            table = other.table
            if key.isEmpty { key = other.key }
        }
    }

    private(set) var up = Rows()
    private(set) var down = Rows()
    private(set) var options = MigrationOptions()
    private(set) var checks: [SQLMigrationFile.Check] = []
    private(set) var parameters: [FileParameter] = []
    private(set) var tags: Set<String> = []
    private(set) var environments: Set<String> = []
    /// The placeholders that stand on its lines.
    private(set) var used: Set<String> = []
    private let file: SQLFile
    private var isDown = false
    private var seen: [Name: SQLPosition] = [:]
    /// The lines on which placeholders may stand.
    private var lines: [(sql: LineSQL, isCondition: Bool)] = []

    /// - Throws: ``/SQLFiles/SQLFileError`` for a line that is not one of these, and a placeholder that there is not.
    init(_ file: SQLFile) throws(SQLFileError) {
        self.file = file
        for directive in file.directives { try read(directive) }
        // A parameter may stand behind the line that uses it.
        let known = KnownPlaceholders(parameters: parameters)
        for line in lines { used.formUnion(try line.sql.placeholders(known, isCondition: line.isCondition)) }
    }

    private mutating func read(_ directive: SQLDirective) throws(SQLFileError) {
        guard let name = Name(rawValue: directive.name) else { throw unknown(directive) }
        try checkPlace(of: name, directive)
        let value = directive.value
        switch name {
        case .table:
            guard !value.isEmpty, value.split(separator: ".").allSatisfy(Self.isName) else {
                throw wrong(directive, "takes the name of one table, as in -- azu:table users")
            }
            if isDown { (down.table, down.position) = (value, directive.valuePosition) }
            if !isDown { (up.table, up.position) = (value, directive.valuePosition) }
        case .key:
            let columns = try list(directive, of: "columns", as: "shop_id, number")
            if isDown { down.key = columns } else { up.key = columns }
        case .where:
            let line = LineSQL(directive, in: file)
            let condition = try line.condition()
            lines.append((line, true))
            if isDown { down.filters.append(condition) } else { up.filters.append(condition) }
        case .batch: options.batchSize = try batchSize(directive)
        case .verify:
            let line = LineSQL(directive, in: file)
            checks.append(SQLMigrationFile.Check(query: try line.query(), position: directive.position))
            lines.append((line, false))
        case .journal:
            guard ["on", "off"].contains(value) else { throw wrong(directive, "is on or off") }
            options.journal = value == "on" ? .on : .off
        case .tolerates: options.tolerates = .upTo(try number(directive, from: 0))
        case .quarantine: options.quarantineLimit = try number(directive, from: 0)
        case .param: try add(FileParameter(directive, in: file.name), directive)
        case .tags: tags = Set(try labels(directive, of: "tags", as: "after-deploy, slow"))
        case .environments: environments = Set(try labels(directive, of: "environments", as: "production"))
        case .down:
            guard value.isEmpty else {
                throw wrong(directive, "stands alone on its line; the SQL begins on the next one")
            }
            (isDown, seen) = (true, [.down: directive.position])
        }
    }

    /// Most lines stand once; and those for the whole file, before the way back.
    private mutating func checkPlace(of name: Name, _ directive: SQLDirective) throws(SQLFileError) {
        if isDown, ![.table, .key, .where, .down].contains(name) {
            throw error("azu:\(name.rawValue) is for the whole file: it stands before azu:down", directive.position)
        }
        guard ![.where, .verify, .param].contains(name) else { return }
        if let first = seen.updateValue(directive.position, forKey: name) {
            throw error("azu:\(name.rawValue) stands on line \(first.line) already", directive.position)
        }
    }

    private mutating func add(_ parameter: FileParameter, _ directive: SQLDirective) throws(SQLFileError) {
        if let other = parameters.first(where: parameter.isAlike) {
            let problem = "the parameter \(other.name) stands on line \(other.position.line) already"
            throw error(problem, directive.valuePosition)
        }
        parameters.append(parameter)
    }

    /// Names with commas between them.
    private func list(_ directive: SQLDirective, of what: String, as example: String) throws(SQLFileError) -> [String] {
        let names = directive.value.split(separator: ",", omittingEmptySubsequences: false).map { $0.trimmingSpaces() }
        guard names.allSatisfy({ !$0.isEmpty }) else {
            throw wrong(directive, "takes \(what) with commas between them, as in -- azu:\(directive.name) \(example)")
        }
        return names
    }

    /// The same where a blank is a slip.
    private func labels(_ directive: SQLDirective, of what: String, as example: String) throws(SQLFileError) -> [String]
    {
        let names = try list(directive, of: what, as: example)
        guard !names.contains(where: { $0.contains(where: \.isWhitespace) }) else {
            throw wrong(directive, "takes \(what) with commas between them, as in -- azu:\(directive.name) \(example)")
        }
        return names
    }

    private func batchSize(_ directive: SQLDirective) throws(SQLFileError) -> MigrationOptions.BatchSize {
        let words = directive.value.split(separator: " ").map(String.init)
        let isMost = words.first == "max"
        guard words.count == (isMost ? 2 : 1), let rows = Int(words[words.count - 1]), (1...1_000_000).contains(rows)
        else { throw wrong(directive, "takes a number of rows from 1 to 1000000, as in 5000, or the most: max 20000") }
        return isMost ? .adaptive(max: rows) : .fixed(rows)
    }

    private func number(_ directive: SQLDirective, from least: Int) throws(SQLFileError) -> Int {
        guard let number = Int(directive.value), number >= least else {
            throw wrong(directive, "takes a number of rows, from \(least) on")
        }
        return number
    }

    /// A name that can be quoted as it is.
    private static func isName(_ name: Substring) -> Bool {
        !name.isEmpty && !name.contains { $0.isWhitespace || "\"'`;,(){}".contains($0) }
    }

    // MARK: What is wrong

    private func wrong(_ directive: SQLDirective, _ problem: String) -> SQLFileError {
        error("azu:\(directive.name) \(problem)", directive.valuePosition)
    }

    private func error(_ message: String, _ position: SQLPosition) -> SQLFileError {
        SQLFileError(file: file.name, position: position, message: message)
    }

    private func unknown(_ directive: SQLDirective) -> SQLFileError {
        let names = Name.allCases.map(\.rawValue)
        let near = Nearest.names(to: directive.name.lowercased(), among: names, separator: "-").map { "azu:" + $0 }
        let known = "there are " + names.map { "azu:" + $0 }.joined(separator: ", ")
        let hint = near.isEmpty ? known : "did you mean \(near.either)?"
        return error("there is no line azu:\(directive.name) in a data migration; \(hint)", directive.position)
    }
}

extension Substring {
    fileprivate func trimmingSpaces() -> String {
        String(drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }
}
