/// The words of a command line, before they are parsed.
extension Sequence<String> {
    /// What stands behind `--name`, or behind `--name=`; `nil` if neither is there.
    func value(of name: String) -> String? {
        var isNext = false
        for word in self {
            if isNext { return word }
            if word == "--\(name)" { isNext = true }
            if word.hasPrefix("--\(name)=") { return String(word.dropFirst(name.count + 3)) }
        }
        return nil
    }
}
