import ArgumentParser

/// Who reads what a command prints.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    /// A person.
    case text
    /// A program: one JSON object a line.
    case json

    /// Tells that there was nothing to do.
    func tellNothing(_ reason: String) {
        switch self {
        case .text: Console.advise("nothing to do: \(reason)")
        case .json: Console.json(["event": "nothing_to_do"])
        }
    }
}

/// How rows are listed.
enum ListFormat: String, ExpressibleByArgument, CaseIterable {
    case text, json, csv
}

/// Who reads what a command prints, as an option.
struct OutputOption: ParsableArguments {
    @Option(name: .customLong("output"), help: "What to print: text, or json (one object a line).")
    var format: OutputFormat = .text
}
