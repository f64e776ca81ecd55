import Foundation

/// Asks a person before something that can't easily be taken back.
enum Confirmation {
    /// Asks before something is done to what people work with; `--yes` and AZU_YES answer.
    ///
    /// - Parameters:
    ///   - action: what is to be done: `run the seeds`.
    ///   - settings: which environment, and whether it is answered.
    /// - Throws: ``CommandFailure`` if the answer is no, or nobody is there to ask.
    static func askInProduction(_ action: String, _ settings: Settings) throws {
        guard settings.isProduction else { return }
        try ask("This is production: \(action)?", yes: settings.isOn(.yes))
    }

    /// Asks; only the command's own `--yes` answers.
    ///
    /// - Parameters:
    ///   - question: with a question mark.
    ///   - yes: whether it is answered.
    /// - Throws: ``CommandFailure`` if the answer is no, or nobody is there to ask.
    static func ask(_ question: String, yes: Bool) throws {
        if yes { return }
        guard isatty(STDIN_FILENO) == 1 else {
            throw CommandFailure("\(question) There is no terminal to ask on; say --yes")
        }
        Console.write("\(question) [y/N] ", to: .standardError)
        guard let answer = readLine(), ["y", "yes"].contains(answer.lowercased()) else {
            throw CommandFailure("nothing was done")
        }
    }
}
