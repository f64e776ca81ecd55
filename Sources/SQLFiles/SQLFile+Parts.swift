extension SQLFile {
    /// The whole file.
    public var all: Range<String.Index> { text.startIndex..<text.endIndex }

    /// What stands behind the first directive of a name, up to the next one that begins a part.
    ///
    /// - Parameters:
    ///   - name: the directive that begins the part.
    ///   - names: the directives that begin parts.
    /// - Returns: what stands between, without the two directives; `nil` if there is none of the name.
    public func part(_ name: String, among names: Set<String>) -> Range<String.Index>? {
        guard let first = directives.firstIndex(where: { $0.name == name }) else { return nil }
        let start = directiveRanges[first].upperBound
        let next = directives.indices[(first + 1)...].first { names.contains(directives[$0].name) }
        return start..<(next.map { directiveRanges[$0].lowerBound } ?? text.endIndex)
    }

    /// What stands before the first directive that begins a part.
    ///
    /// - Parameter names: the directives that begin parts.
    /// - Returns: what stands before it; the whole file where there is none.
    public func head(before names: Set<String>) -> Range<String.Index> {
        let next = directives.indices.first { names.contains(directives[$0].name) }
        return text.startIndex..<(next.map { directiveRanges[$0].lowerBound } ?? text.endIndex)
    }
}
