/// Why nothing could be generated, in one line.
struct GeneratorError: Error, Equatable, CustomStringConvertible {
    var description: String

    init(_ description: String) { self.description = description }
}
