/// Where reading goes on in a file: `offset=1234;line=57`.
struct FileCursor: Equatable {
    /// In bytes of the unzipped content.
    var offset: Int
    /// The line of that place, counted from 1.
    var line: Int
    /// How many JSON objects are open around the array that is being read.
    var depth = 0

    init(offset: Int, line: Int, depth: Int = 0) {
        self.offset = offset
        self.line = line
        self.depth = depth
    }

    /// - Throws: ``FileSourceError`` if the text is no cursor.
    init(_ text: String, of file: SourceFile) throws {
        var numbers: [Substring: Int] = [:]
        for part in text.split(separator: ";") {
            let halves = part.split(separator: "=", maxSplits: 1)
            if halves.count == 2, let number = Int(halves[1]), number >= 0 { numbers[halves[0]] = number }
        }
        let depth = numbers["depth"] ?? 0
        // Each line, and each object, takes a byte or more.
        guard let offset = numbers["offset"], let line = numbers["line"], line - 1 <= offset, depth <= offset else {
            throw file.error("the run's cursor is not one of a file: start the migration anew")
        }
        self.init(offset: offset, line: line, depth: depth)
    }

    var text: String { "offset=\(offset);line=\(line)" + (depth == 0 ? "" : ";depth=\(depth)") }
}
