import ArgumentParser

/// What the exit code of a command means.
enum AzuExitCode: Int32 {
    /// Everything is done.
    case done = 0
    /// Something failed; the last line on standard error tells what.
    case failed = 1
    /// A preview: there is work to do.
    case work = 2
    /// Rows are in quarantine.
    case quarantined = 3
    /// Stopped on request; there is more to do.
    case stopped = 4
    /// A verification failed.
    case verification = 5
    /// The arguments are wrong.
    case usage = 64

    /// The code for ArgumentParser; `nil` where all went well.
    var exit: ExitCode? { self == .done ? nil : ExitCode(rawValue) }
}

/// What ends a command with a line for a person.
struct CommandFailure: Error {
    var message: String
    var code: AzuExitCode
    /// Rows that are wrong, a line each; they are printed before the message.
    var rows: [String]

    init(_ message: String, code: AzuExitCode = .failed, rows: [String] = []) {
        self.message = message
        self.code = code
        self.rows = rows
    }
}
