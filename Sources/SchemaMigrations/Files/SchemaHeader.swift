import MigrationNaming
import SQLFiles

/// What the lines for azu say of a schema migration.
struct SchemaHeader {
    /// The statements that make the change.
    let up: Range<String.Index>
    /// The statements that take it back; `nil` if there are none.
    let down: Range<String.Index>?
    private(set) var isUpTransactional = true
    private(set) var isDownTransactional = true
    private(set) var requirements: [String] = []

    private static let names = ["up", "down", "no-transaction", "requires"]
    private static let parts: Set = ["up", "down"]

    /// - Throws: ``SQLFileError`` for a line that means nothing, or a statement in no part.
    init(_ file: SQLFile) throws(SQLFileError) {
        let head = file.head(before: Self.parts)
        if let part = file.part("up", among: Self.parts) {
            up = part
            if let stray = try file.statements(in: head).first {
                throw SQLFileError(
                    file: file.name,
                    position: stray.position,
                    message: "a statement stands before -- azu:up; it belongs behind that line"
                )
            }
        } else {
            up = head
        }
        down = file.part("down", among: Self.parts)
        var seen: Set<String> = []
        // Before -- azu:up, or without such a line, a directive is about both parts.
        var part: String?
        for directive in file.directives {
            switch directive.name {
            case "up", "down":
                guard seen.insert(directive.name).inserted else {
                    throw file.error(directive, "-- azu:\(directive.name) stands twice; there is one part of each")
                }
                try Self.refuseValue(of: directive, in: file)
                part = directive.name
            case "no-transaction":
                try Self.refuseValue(of: directive, in: file)
                if part != "down" { isUpTransactional = false }
                if part != "up" { isDownTransactional = false }
            case "requires": requirements += try Self.requirements(of: directive, in: file, part: part)
            default:
                let near = Nearest.names(to: directive.name.lowercased(), among: Self.names, separator: "-")
                let known = "there are " + Self.names.map { "azu:" + $0 }.joined(separator: ", ")
                let hint = near.isEmpty ? known : "did you mean \(near.map { "azu:" + $0 }.either)?"
                throw file.error(directive, "there is no -- azu:\(directive.name) in a schema migration; \(hint)")
            }
        }
    }

    private static func requirements(
        of directive: SQLDirective,
        in file: SQLFile,
        part: String?
    ) throws(SQLFileError) -> [String] {
        guard part != "down" else {
            throw file.error(directive, "-- azu:requires is about the way forth; it stands before -- azu:down")
        }
        let names = directive.value.split { $0 == "," || $0.isWhitespace }.map(String.init)
        guard !names.isEmpty else {
            throw file.error(
                directive,
                "-- azu:requires names a data migration, as in -- azu:requires backfill_user_slugs"
            )
        }
        return names
    }

    private static func refuseValue(of directive: SQLDirective, in file: SQLFile) throws(SQLFileError) {
        guard !directive.value.isEmpty else { return }
        throw SQLFileError(
            file: file.name,
            position: directive.valuePosition,
            message: "-- azu:\(directive.name) takes nothing behind it; a statement stands on a line of its own"
        )
    }
}

extension SQLFile {
    fileprivate func error(_ directive: SQLDirective, _ message: String) -> SQLFileError {
        SQLFileError(file: name, position: directive.position, message: message)
    }
}
