extension String {
    /// The text without blanks, tabs and line breaks at its ends.
    public func trimmingWhitespace() -> String {
        // Mostly there is nothing to trim, and two bytes tell.
        if let first = utf8.first, let last = utf8.last, first > 32, first < 128, last > 32, last < 128 { return self }
        let scalars = unicodeScalars
        guard let start = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let end = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return "" }
        return String(scalars[start...end])
    }
}
