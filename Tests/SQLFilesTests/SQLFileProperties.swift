import SQLFiles
import Testing

/// Files put together at random out of pieces whose meaning is known.
@Suite("Any file") struct SQLFileProperties {
    private static let pieces = [
        "SELECT 1", "'a;b'", "\"c;d\"", "$$e;$$", "$t$;$t$", "/* ; */", "/*/*;*/*/", "-- ;\n", " ", "\n", "\r\n", "\t",
        "é", "🇨🇭", "a\u{301}", "E'\\';'", "(1; 2)", "x.y", "$1", "{range}", "1.5e3", "`;`", "::", "- -", "/ *",
    ]

    @Test(arguments: 1...200)
    func `gives back the statements that it was made of`(_ seed: Int) throws {
        var random = Generator(state: UInt64(seed))
        var expected: [[String]] = []
        var text = ""
        for _ in 0..<Int.random(in: 1...6, using: &random) {
            let chosen = (0..<Int.random(in: 0...8, using: &random)).map { _ in
                // Between blanks, no piece becomes part of another.
                Self.pieces.randomElement(using: &random).map { " \($0) " } ?? ""
            }
            text += chosen.joined() + ";"
            expected.append(chosen)
        }
        let file = try SQLFile(text, name: "x.sql")
        let found = try file.statements(in: file.all)
        let whole = expected.map { $0.joined() }.map(significant).filter { !$0.isEmpty }
        #expect(found.map { significant($0.text) } == whole)
        for statement in found {
            // The text stands where the position says.
            #expect(self.text(at: statement.position, in: text).hasPrefix(statement.text))
            let again = try SQLFile(statement.text, name: "y.sql")
            #expect(try again.statements(in: again.all).map(\.text) == [statement.text])
        }
    }

    @Test(arguments: 1...500)
    func `is read or refused, and never crashes`(_ seed: Int) {
        var random = Generator(state: UInt64(seed) &* 7_919)
        let bytes = Array("'\"`$;-/*\n\r {}()azuEe\\:1é\u{301}🇨🇭BEGINcreatetrigger ".unicodeScalars)
        var text = ""
        for _ in 0..<Int.random(in: 0...60, using: &random) {
            if let scalar = bytes.randomElement(using: &random) { text.unicodeScalars.append(scalar) }
        }
        guard let file = try? SQLFile(text, name: "x.sql") else { return }
        _ = try? file.statements(in: file.all)
        for placeholder in file.placeholders(in: file.all) {
            #expect(file.text[placeholder.range] == "{\(placeholder.name)}")
        }
    }

    /// What is left without the comments and the blanks around and between, for these pieces.
    private func significant(_ text: String) -> String {
        var text = text
        for comment in ["/*/*;*/*/", "/* ; */", "-- ;\n"] { text = text.replacing(comment, with: "") }
        return text.filter { !$0.isWhitespace }
    }

    private func text(at position: SQLPosition, in text: String) -> Substring {
        var line = 1
        var rest = text[...]
        while line < position.line, let end = rest.firstIndex(where: { "\n\r\r\n".contains($0) || $0 == "\r\n" }) {
            rest = rest[rest.index(after: end)...]
            line += 1
        }
        return rest.dropFirst(position.column - 1)
    }

    private struct Generator: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }
}
