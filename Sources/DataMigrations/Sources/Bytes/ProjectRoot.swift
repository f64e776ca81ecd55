import Foundation

/// The directory that the relative paths of file sources start from.
enum ProjectRoot {
    /// Set by the engine around a run; without it, the working directory counts.
    @TaskLocal static var url: URL?
}

/// A file by the name that the migration gives it, and by where it lies.
struct SourceFile: Sendable {
    /// As the migration names it: what errors say.
    let name: String
    /// What is opened.
    let path: String

    init(_ name: String, root: URL? = ProjectRoot.url) {
        self.name = name
        if name.hasPrefix("/") {
            path = name
        } else if let root {
            path = root.appending(path: name).path(percentEncoded: false)
        } else {
            path = name
        }
    }

    /// An error that names the file.
    func error(_ problem: String, line: Int? = nil, offset: Int? = nil) -> FileSourceError {
        FileSourceError(path: name, line: line, offset: offset, problem: problem)
    }
}
