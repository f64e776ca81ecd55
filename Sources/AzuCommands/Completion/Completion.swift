/// What may stand somewhere on the command line.
struct Completion: Equatable {
    /// A word.
    struct Item: Equatable {
        var value: String
        var description: String

        init(_ value: String, _ description: String = "") {
            self.value = value
            self.description = description
        }
    }

    /// What the shell knows better itself.
    enum Paths: String {
        case none, files, folders
    }

    var items: [Item] = []
    var paths = Paths.none

    init(_ items: [Item] = []) { self.items = items }

    init(_ paths: Paths) { self.paths = paths }

    /// The words that begin with what is written.
    func matching(_ prefix: String) -> Completion {
        var completion = self
        completion.items = items.filter { $0.value.hasPrefix(prefix) }
        return completion
    }

    /// The words with the name of their option before them.
    func prefixed(_ prefix: String) -> Completion {
        var completion = self
        completion.items = items.map { Item(prefix + $0.value, $0.description) }
        return completion
    }

    /// For the shells' scripts: a line for each word, with a tab before its description, and behind them what paths the
    /// shell is to add.
    var lines: [String] {
        items.map { $0.description.isEmpty ? $0.value : "\($0.value)\t\($0.description)" } + [":\(paths.rawValue)"]
    }
}
