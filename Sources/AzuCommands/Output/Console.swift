import Foundation

/// Standard output is for results, standard error for everything that is said on the way.
enum Console {
    /// Writes a result.
    static func print(_ line: String) { write(line + "\n", to: .standardOutput) }

    /// Writes a result that may name a command to go on with; no text out of rows, see ``Hint``.
    static func advise(_ line: String) { print(Hint.complete(line)) }

    /// Writes a line on the way.
    static func note(_ line: String) { write(Hint.complete(line) + "\n", to: .standardError) }

    /// Writes why a command failed: one line, whatever the error held.
    static func error(_ message: String) {
        let line = message.split(whereSeparator: \.isNewline).joined(separator: " ")
        write("azu: \(Hint.complete(line))\n", to: .standardError)
    }

    /// Writes one JSON object as a line of its own.
    static func json(_ object: some Encodable) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        if let data = try? encoder.encode(object) { print(String(decoding: data, as: UTF8.self)) }
    }

    static func write(_ text: String, to handle: FileHandle) {
        // A reader that went away, as in `| head`, is no reason to fail.
        try? handle.write(contentsOf: Data(text.utf8))
    }
}
