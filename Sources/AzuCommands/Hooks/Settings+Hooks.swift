import DataMigrations

extension Settings {
    /// What is told of runs: the program's own hooks, then `AZU_HOOK` and `AZU_WEBHOOK_URL`.
    ///
    /// - Throws: ``CommandFailure`` for a setting that will not do.
    func hooks() throws -> [any RunHooks] {
        var hooks = AzuProgram.hooks
        if let command = value("AZU_HOOK") {
            let limit = try value("AZU_HOOK_TIMEOUT").map { text in
                guard let span = TimeSpan(argument: text), span.seconds > 0 else {
                    throw CommandFailure("AZU_HOOK_TIMEOUT is no time; write 10s, 2m or the like")
                }
                return span.duration
            }
            hooks.append(
                CommandHook(command: command, folder: root, environment: environment, limit: limit ?? .seconds(30))
            )
        }
        if let url = value("AZU_WEBHOOK_URL") {
            hooks.append(try Webhook(url, folder: root, environment: environment))
        }
        return hooks
    }
}

/// For commands that work through the ledger alone: what a run tells in words goes to standard error.
struct NotedMessages: ProgressObserver {
    func observe(_ event: ProgressEvent) {
        if case .message(let message) = event { Console.note(message) }
    }
}
