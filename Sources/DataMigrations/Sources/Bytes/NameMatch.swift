/// Headers and properties are the same name where they differ only in case and in what separates their words.
enum NameMatch {
    /// `Full Name`, `full_name`, `fullName` and `FULL-NAME` are all `fullname`.
    static func key(_ name: String) -> String {
        let letters = name.lowercased().filter { $0.isLetter || $0.isNumber }
        // A name of signs only has nothing else to be told by.
        return letters.isEmpty ? name : letters
    }

    /// The names for an error, which is one line however many there are.
    static func list(_ names: some Collection<String>) -> String {
        let shown = names.prefix(20).map { name in
            let line = String(name.prefix(40).map { $0.isNewline ? " " : $0 })
            return name.count > 40 ? line + "…" : line
        }
        return shown.joined(separator: ", ") + (names.count > 20 ? " and \(names.count - 20) more" : "")
    }
}
