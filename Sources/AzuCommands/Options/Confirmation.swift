import Foundation

/// Asks a person before something that can't easily be taken back.
enum Confirmation {
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
