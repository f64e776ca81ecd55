/// Where the lines of a text begin, so that a position is found without counting from the start.
struct LineIndex: Sendable {
    private let starts: [String.Index]

    init(_ text: String) {
        var starts = [text.startIndex]
        var index = text.startIndex
        while index < text.endIndex {
            let byte = text.utf8[index]
            text.utf8.formIndex(after: &index)
            guard ASCII.isNewline(byte) else { continue }
            // A carriage return and a line feed end one line.
            if byte == 13, index < text.endIndex, text.utf8[index] == 10 { text.utf8.formIndex(after: &index) }
            starts.append(index)
        }
        self.starts = starts
    }

    func position(of index: String.Index, in text: String) -> SQLPosition {
        var (low, high) = (0, starts.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts[middle] <= index { low = middle } else { high = middle }
        }
        return SQLPosition(line: low + 1, column: text[starts[low]..<index].count + 1)
    }
}
