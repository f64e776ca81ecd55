import DataMigrations

extension Settings {
    /// What is told of runs: the program's own hooks, then `AZU_HOOK` and `AZU_WEBHOOK_URL`.
    ///
    /// - Throws: ``CommandFailure`` for a setting that will not do.
    func hooks() throws -> [any RunHooks] {
        var hooks = AzuProgram.hooks
        if let command = try text(.hook) {
            let limit = try text(.hookTimeout).flatMap(TimeSpan.init(argument:))?.duration ?? .seconds(30)
            hooks.append(CommandHook(command: command, folder: root, environment: environment, limit: limit))
        }
        if let url = try text(.webhookURL) { hooks.append(try Webhook(url, folder: root, environment: environment)) }
        return hooks
    }
}

/// For commands that work through the ledger alone: what a run tells in words goes to standard error.
struct NotedMessages: ProgressObserver {
    func observe(_ event: ProgressEvent) {
        if case .message(let message) = event { Console.note(message) }
    }
}
