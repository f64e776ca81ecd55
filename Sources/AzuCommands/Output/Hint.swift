/// The commands that a text tells a person to call.
enum Hint {
    /// What `--env` says; `nil` where it is not given.
    private static let given = CommandLine.arguments.dropFirst().value(of: "env")

    /// Has each command of a text that works on a database work on that of this command line: where `--env NAME` is given,
    /// it stands behind `azu db:…` too.
    ///
    /// - Parameters:
    ///   - text: what a person is told; nothing that came out of rows.
    ///   - environment: what `--env` says.
    /// - Returns: the text.
    static func complete(_ text: String, environment: String? = given) -> String {
        guard let environment, !environment.isEmpty else { return text }
        return text.replacing(#/\bazu db:[a-z]+(?::[a-z]+)*/#) { "\($0.output) --env \(quoted(environment))" }
    }

    /// A word as a shell takes it.
    private static func quoted(_ word: String) -> String {
        let isPlain = word.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "_-.".contains($0)) }
        return isPlain ? word : "'\(word.replacing("'", with: "'\\''"))'"
    }
}
