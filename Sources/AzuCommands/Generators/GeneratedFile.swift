/// A file that a generator wants to be there.
struct GeneratedFile: Equatable {
    /// Where, relative to the project's root.
    var path: String
    var contents: String
    /// Whether the file holds data that somebody may have replaced by their own: it is then kept, even when forced.
    var isSample = false
}
