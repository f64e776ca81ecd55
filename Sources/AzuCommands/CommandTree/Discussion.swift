/// What there is to say about a command beyond its one sentence.
///
/// Help prints it as it is; man pages make sections of its headings, lines such as `EXAMPLES:`. So lines of a section
/// are short, and paragraphs are one line each.
struct Discussion {
    /// Lines under a heading.
    struct Section: Equatable {
        var title: String
        var lines: [String]
    }

    /// The paragraphs before the first heading.
    var paragraphs: [String] = []
    var sections: [Section] = []

    /// Takes a discussion apart.
    init(_ text: String) {
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasSuffix(":"), line.first?.isUppercase ?? false, line == line.uppercased() {
                sections.append(Section(title: String(line.dropLast()), lines: []))
            } else if !sections.isEmpty {
                sections[sections.count - 1].lines.append(String(line))
            } else if !line.isEmpty {
                paragraphs.append(String(line))
            }
        }
        for index in sections.indices {
            while sections[index].lines.last?.isEmpty ?? false { sections[index].lines.removeLast() }
        }
    }

    /// The commands of the examples.
    var examples: [String] {
        let lines = sections.first { $0.title == "EXAMPLES" }?.lines ?? []
        return lines.map { String($0.drop { $0 == " " }) }.filter { $0.hasPrefix("azu ") }
    }
}

extension String {
    /// Makes the discussion of a command.
    ///
    /// - Parameters:
    ///   - text: paragraphs, one a line; none where the abstract says it all.
    ///   - examples: what is done, and the command that does it.
    /// - Returns: the discussion, with the examples under a heading.
    static func discussion(_ text: String = "", examples: KeyValuePairs<String, String>) -> String {
        let lines = examples.flatMap { ["  # \($0.key)", "  \($0.value)"] }
        return ([text, (["EXAMPLES:"] + lines).joined(separator: "\n")]).filter { !$0.isEmpty }
            .joined(separator: "\n\n")
    }
}
