/// How Swift names become database names.
public enum Naming {
    /// `createdAt` → `created_at`, `legacyUserID` → `legacy_user_id`, `HTTPRequest` → `http_request`.
    public static func snakeCase(_ name: String) -> String {
        var result = ""
        result.reserveCapacity(name.utf8.count + 4)
        let letters = Array(name)
        for (index, letter) in letters.enumerated() {
            if letter == "-" || letter == " " || letter == "." {
                if !result.isEmpty && !result.hasSuffix("_") { result += "_" }
                continue
            }
            if letter.isUppercase, index > 0 {
                let previous = letters[index - 1]
                let startsWord = index + 1 < letters.count && letters[index + 1].isLowercase
                if previous.isLowercase || previous.isNumber || (previous.isUppercase && startsWord) { result += "_" }
            }
            result += letter.lowercased()
        }
        return result
    }

    /// `backfill_user_slugs` → `BackfillUserSlugs`; words may also be separated by `-`, blanks, or their capitals.
    public static func camelCase(_ name: String) -> String {
        snakeCase(name).split(separator: "_").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }

    /// The plural of an English noun by rule: `user` → `users`, `category` → `categories`, `address` → `addresses`.
    ///
    /// A type whose table is called otherwise says so itself.
    public static func plural(_ noun: String) -> String {
        if noun.hasSuffix("y"), let before = noun.dropLast().last, !"aeiou".contains(before) {
            return noun.dropLast() + "ies"
        }
        let takesES = ["s", "x", "z", "ch", "sh"].contains { noun.hasSuffix($0) }
        return noun + (takesES ? "es" : "s")
    }
}
