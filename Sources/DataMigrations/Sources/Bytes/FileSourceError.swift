/// A file that can't be read as a source: it is missing, damaged, or not laid out as the migration says.
///
/// What is wrong with a single record is no such error: the record is quarantined, and reading goes on.
public struct FileSourceError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The path as the migration names it.
    public var path: String
    /// The line, counted from 1, where there is one to blame.
    public var line: Int?
    /// The offset in bytes, counted from 0 in the unzipped content, where there is one to blame.
    public var offset: Int?
    /// What is wrong and what to do, without values of the file's rows.
    public var problem: String

    /// Makes an error.
    public init(path: String, line: Int? = nil, offset: Int? = nil, problem: String) {
        self.path = path
        self.line = line
        self.offset = offset
        self.problem = problem
    }

    /// One line: `db/data/users.json, line 17, byte 402: a comma is missing between two elements`.
    public var description: String {
        let place = (line.map { ", line \($0)" } ?? "") + (offset.map { ", byte \($0)" } ?? "")
        return "\(path)\(place): \(problem)"
    }
}
