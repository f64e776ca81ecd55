/// Takes the text of `CREATE TABLE` apart, as SQLite keeps it.
///
/// `ALTER TABLE` quotes names, and a column that was dropped and added again is the last one; neither makes another
/// table.
enum TableDefinition {
    /// The columns, the constraints and the options; `nil` for anything but a table with columns.
    static func parts(of sql: String) -> [String]? {
        let head = sql.prefix(40).uppercased()
        guard head.hasPrefix("CREATE TABLE") || head.hasPrefix("CREATE TEMP"), let open = sql.firstIndex(of: "(") else {
            return nil
        }
        var parts = [""]
        var depth = 0
        var quote: Character?
        var index = open
        while index < sql.endIndex {
            let character = sql[index]
            index = sql.index(after: index)
            if let end = quote {
                if character == end { quote = nil }
            } else if let end = quotes[character] {
                quote = end
            } else if character == "(" {
                depth += 1
                if depth == 1 { continue }
            } else if character == ")" {
                depth -= 1
                if depth == 0 { break }
            } else if character == ",", depth == 1 {
                parts.append("")
                continue
            }
            parts[parts.count - 1].append(character)
        }
        let options = plain(String(sql[index...]))
        return parts.map(plain).filter { !$0.isEmpty } + (options.isEmpty ? [] : [options])
    }

    private static let quotes: [Character: Character] = ["'": "'", "\"": "\"", "`": "`", "[": "]"]

    /// The same without quotes around names, and with single blanks.
    static func plain(_ sql: String) -> String {
        var text = ""
        var inString = false
        for character in sql {
            if character == "'" { inString.toggle() }
            if inString {
                text.append(character)
            } else if character.isWhitespace {
                if let last = text.last, !" (,".contains(last) { text.append(" ") }
            } else if !"\"`[]".contains(character) {
                if ",)".contains(character), text.last == " " { text.removeLast() }
                text.append(character)
            }
        }
        while text.last == " " { text.removeLast() }
        return text
    }
}
