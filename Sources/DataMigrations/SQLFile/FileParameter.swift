import Database
import SQLFiles

/// A parameter that a file of SQL declares.
///
///     -- azu:param cutoff date = 2024-01-01 Orders before this day are archived.
///     -- azu:param status text? Only those in this state.
struct FileParameter: Sendable {
    /// The name, as in `{name}` and `--set name=value`.
    let name: String
    /// What values it may have.
    let type: ParameterType
    /// The value of a run for which none is given.
    let defaultValue: Value?
    /// What it is for.
    let help: String
    /// Where its line stands.
    let position: SQLPosition

    /// Reads a line.
    ///
    /// - Parameters:
    ///   - directive: the line.
    ///   - file: the file's name.
    /// - Throws: ``/SQLFiles/SQLFileError`` that tells what is wrong with it, and where.
    init(_ directive: SQLDirective, in file: String) throws(SQLFileError) {
        var line = ParameterLine(directive, in: file)
        name = try line.name()
        type = try line.type(of: name)
        defaultValue = try line.defaultValue(of: name, type)
        help = line.rest
        position = directive.position
    }

    /// The parameter of a migration that is made for a run: it has a place for the run's value.
    var description: ParameterDescription {
        ParameterDescription(name: name, type: type, help: help, default: defaultValue)
    }

    /// Whether `--set` could mean both this one and another one.
    func isAlike(_ other: FileParameter) -> Bool { Naming.snakeCase(name) == Naming.snakeCase(other.name) }
}

/// Reads what stands behind `-- azu:param`, from the left to the right.
private struct ParameterLine {
    private let directive: SQLDirective
    private let file: String
    private var index: String.Index

    init(_ directive: SQLDirective, in file: String) {
        self.directive = directive
        self.file = file
        index = directive.value.startIndex
    }

    private var text: String { directive.value }
    private var next: Character? { index < text.endIndex ? text[index] : nil }

    /// What is not read yet.
    var rest: String { String(text[index...]) }

    mutating func name() throws(SQLFileError) -> String {
        let start = index
        let name = take { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
        guard let first = name.first, !first.isNumber, next?.isWhitespace ?? true else {
            throw error(
                "azu:param takes a name of letters, digits and _, a type, and what it is for, as in "
                    + "-- azu:param cutoff date = 2024-01-01 Orders before this day are archived.",
                at: start
            )
        }
        guard !KnownPlaceholders.reserved.contains(name) else {
            throw error("{\(name)} has a meaning already; choose another name for the parameter", at: start)
        }
        skipBlanks()
        return name
    }

    mutating func type(of name: String) throws(SQLFileError) -> ParameterType {
        let start = index
        let word = take { $0.isLetter || $0 == "?" }
        guard let type = ParameterType(name: word), next.map({ $0.isWhitespace || $0 == "=" }) ?? true else {
            throw error(
                "the type of \(name) is text, integer, number, boolean or date, with a ? behind it where there need not be a "
                    + "value",
                at: start
            )
        }
        skipBlanks()
        return type
    }

    /// What stands behind `=`; `nil` if there is none.
    mutating func defaultValue(of name: String, _ type: ParameterType) throws(SQLFileError) -> Value? {
        guard next == "=" else { return nil }
        index = text.index(after: index)
        skipBlanks()
        let start = index
        let isQuoted = next == "'"
        let word = try isQuoted ? quoted() : take { !$0.isWhitespace }
        guard isQuoted || !word.isEmpty else {
            throw error("\(name) has no default behind its =; leave that out where a value must be given", at: start)
        }
        guard let value = type.value(of: word) else { throw error("\(name) takes \(type.expectation)", at: start) }
        skipBlanks()
        // The time of a day would be taken for the help.
        if !isQuoted, type.kind == .date, let word = rest.split(separator: " ").first,
            type.value(of: "\(text[start..<index])\(word)") != nil
        {
            throw error("a default with a blank in it stands in quotes, as in '2024-01-31 23:59'", at: start)
        }
        return value
    }

    /// Text in quotes; a doubled one is part of it.
    private mutating func quoted() throws(SQLFileError) -> String {
        let start = index
        var value = ""
        index = text.index(after: index)
        while let character = next {
            index = text.index(after: index)
            if character != "'" {
                value.append(character)
            } else if next == "'" {
                index = text.index(after: index)
                value.append(character)
            } else {
                guard next?.isWhitespace ?? true else {
                    throw error("a blank stands between the default and what it is for", at: index)
                }
                return value
            }
        }
        throw error("a default begins here and has no end", at: start)
    }

    private mutating func take(while isPart: (Character) -> Bool) -> String {
        let part = text[index...].prefix(while: isPart)
        index = part.endIndex
        return String(part)
    }

    private mutating func skipBlanks() { _ = take(while: \.isWhitespace) }

    private func error(_ message: String, at index: String.Index) -> SQLFileError {
        var position = directive.valuePosition
        position.column += text.distance(from: text.startIndex, to: index)
        return SQLFileError(file: file, position: position, message: message)
    }
}
