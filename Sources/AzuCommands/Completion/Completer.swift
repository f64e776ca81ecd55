/// What may stand where the cursor is.
///
/// The shells' scripts ask the program itself, so they stay as they are when commands and options change.
struct Completer {
    /// The command line.
    let tree: CommandTree
    /// What there is in the project.
    let values: ProjectValues

    /// What may take the place of the last word.
    ///
    /// - Parameter words: what is written up to the cursor, without the program's name; the last one may be empty.
    /// - Returns: words that begin as the last one does, and whether paths fit.
    func complete(_ words: [String]) -> Completion {
        let current = words.last ?? ""
        var state = State(command: tree)
        for word in words.dropLast() { state.read(word) }
        let completion: Completion
        if let option = state.pending {
            completion = values.values(of: option, words)
        } else if let (option, name) = state.assigned(current) {
            completion = values.values(of: option, words).prefixed(name + "=")
        } else if current.hasPrefix("-"), !state.isTerminated {
            completion = options(state)
        } else {
            completion = arguments(state, words)
        }
        return completion.matching(current)
    }

    private func options(_ state: State) -> Completion {
        let left = state.command.options.filter { $0.isRepeating || !state.used.contains($0.name) }
        return Completion(left.map { Completion.Item($0.name, $0.abstract ?? "") })
    }

    /// Subcommands, or else the argument that is next, or else options.
    private func arguments(_ state: State, _ words: [String]) -> Completion {
        if state.count == 0, let subcommands = state.command.subcommands {
            let shown = subcommands.filter { $0.shouldDisplay && !(state.isHelp && $0.commandName == "help") }
            return Completion(shown.map { Completion.Item($0.commandName, $0.abstract ?? "") })
        }
        if state.isHelp { return Completion() }
        let positionals = state.command.positionals
        let next = state.count < positionals.count ? positionals[state.count] : positionals.last { $0.isRepeating }
        guard let next else { return state.isTerminated ? Completion() : options(state) }
        return values.values(of: next, words)
    }

    /// What the words before the cursor say.
    private struct State {
        var command: CommandTree
        /// Whether the words are those of `azu help`.
        var isHelp = false
        /// The option whose value is next.
        var pending: CommandArgument?
        /// The options that are given.
        var used: Set<String> = []
        /// How many positional arguments are given.
        var count = 0
        /// Whether `--` is given.
        var isTerminated = false

        mutating func read(_ word: String) {
            if pending != nil {
                pending = nil
            } else if !isTerminated, word == "--" {
                isTerminated = true
            } else if !isTerminated, word.hasPrefix("-") {
                let name = word.prefix { $0 != "=" }
                guard let option = command.option(String(name)) else { return }
                used.insert(option.name)
                if option.kind == .option, !word.contains("=") { pending = option }
            } else if !isHelp, word == "help", (command.superCommands ?? []).isEmpty {
                isHelp = true
            } else if count == 0, let next = command.command(word) {
                (command, used) = (next, [])
            } else {
                count += 1
            }
        }

        /// The option of a word `--name=…`.
        func assigned(_ word: String) -> (CommandArgument, String)? {
            guard !isTerminated, word.hasPrefix("--"), word.contains("=") else { return nil }
            let name = String(word.prefix { $0 != "=" })
            return command.option(name).map { ($0, name) }
        }
    }
}
