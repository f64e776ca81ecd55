import DataMigrations

/// Guesses at the singular and plural of English nouns.
///
/// A wrong guess costs the author one edit of a generated file.
enum Inflection {
    private static let irregular = [
        "aliases": "alias", "caches": "cache", "causes": "cause", "children": "child", "cookies": "cookie",
        "houses": "house", "men": "man", "menus": "menu", "movies": "movie", "people": "person", "uses": "use",
        "women": "woman",
    ]
    private static let invariable: Set = ["data", "equipment", "information", "metadata", "news", "series", "species"]

    /// `addresses` → `address`, `categories` → `category`, `user` → `user`.
    static func singular(_ noun: String) -> String {
        if let known = irregular[noun] { return known }
        if irregular.values.contains(noun) { return noun }
        if invariable.contains(noun) || ["ss", "us", "is"].contains(where: noun.hasSuffix) { return noun }
        if noun.hasSuffix("ies"), noun.count > 4 { return noun.dropLast(3) + "y" }
        if ["sses", "uses", "xes", "zzes", "ches", "shes"].contains(where: noun.hasSuffix) {
            return String(noun.dropLast(2))
        }
        return noun.hasSuffix("s") && noun.count > 1 ? String(noun.dropLast()) : noun
    }

    /// The plural of a noun; one that is a plural already stays as it is.
    static func plural(_ noun: String) -> String {
        if let known = irregular.first(where: { $0.value == noun }) { return known.key }
        return isPlural(noun) || invariable.contains(noun) ? noun : Naming.plural(noun)
    }

    private static func isPlural(_ noun: String) -> Bool { singular(noun) != noun }
}
