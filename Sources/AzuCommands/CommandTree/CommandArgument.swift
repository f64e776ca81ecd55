/// An option, a flag or a positional argument of a command.
struct CommandArgument: Decodable, Sendable {
    /// What kind it is.
    enum Kind: String, Decodable {
        case positional, option, flag
    }

    /// One of its names.
    struct Name: Decodable, Sendable {
        /// How many dashes stand before it.
        enum Kind: String, Decodable {
            case long, short, longWithSingleDash
        }

        var kind: Kind
        var name: String

        /// As it is written: `--env`, `-h`.
        var spelling: String { (kind == .long ? "--" : "-") + name }
    }

    /// What its value can be, where the command says so.
    struct Values: Decodable, Sendable {
        struct List: Decodable, Sendable {
            var values: [String]
        }

        struct Paths: Decodable, Sendable {}

        var list: List?
        var file: Paths?
        var directory: Paths?
    }

    var kind: Kind
    var shouldDisplay: Bool
    /// The heading that help puts it under.
    var sectionTitle: String?
    var isOptional: Bool
    var isRepeating: Bool
    var names: [Name]?
    var preferredName: Name?
    /// What its value is called: `folder`, `version|name`.
    var valueName: String?
    var defaultValue: String?
    /// The words it takes, where there are only some.
    var allValues: [String]?
    var completionKind: Values?
    var abstract: String?

    /// All its names, as they are written.
    var spellings: [String] { (names ?? []).map(\.spelling) }

    /// How it is told from others: `--env`, or the name of its value.
    var name: String { preferredName?.spelling ?? valueName ?? "" }
}
