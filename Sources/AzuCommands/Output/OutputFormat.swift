import ArgumentParser

/// Who reads what a command prints.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    /// A person.
    case text
    /// A program: one JSON object a line.
    case json
}

/// How rows are listed.
enum ListFormat: String, ExpressibleByArgument, CaseIterable {
    case text, json, csv
}
