import Foundation

/// Reads files of `NAME=value` lines.
///
/// `#` starts a comment; quotes around a value are taken off; `export` is passed over.
enum DotEnv {
    /// The values of a file; none if there is no such file.
    ///
    /// - Throws: ``CommandFailure`` with the line that is none of these.
    static func read(_ file: URL) throws -> [String: String] {
        guard let data = FileManager.default.contents(atPath: file.path(percentEncoded: false)) else { return [:] }
        return try parse(String(decoding: data, as: UTF8.self), name: file.lastPathComponent)
    }

    static func parse(_ text: String, name: String) throws -> [String: String] {
        var values: [String: String] = [:]
        let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        for (index, line) in lines.enumerated() {
            var line = line.trimmingCharacters(in: .whitespaces)
            if line.isEmpty || line.hasPrefix("#") { continue }
            if line.hasPrefix("export ") { line = String(line.dropFirst(7)) }
            guard let equals = line.firstIndex(of: "="), equals > line.startIndex else {
                throw CommandFailure("\(name), line \(index + 1): not of the form NAME=value")
            }
            let key = line[..<equals].trimmingCharacters(in: .whitespaces)
            values[key] = value(line[line.index(after: equals)...].trimmingCharacters(in: .whitespaces))
        }
        return values
    }

    private static func value(_ text: String) -> String {
        for quote in ["\"", "'"] where text.hasPrefix(quote) {
            let rest = text.dropFirst()
            if let end = rest.firstIndex(of: Character(quote)) { return String(rest[..<end]) }
        }
        // Behind a value without quotes, ` #` starts a comment.
        return text.range(of: " #").map { text[..<$0.lowerBound].trimmingCharacters(in: .whitespaces) } ?? text
    }
}
