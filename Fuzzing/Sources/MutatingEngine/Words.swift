import Foundation

/// Reads words in the form of libFuzzer's dictionaries: a line for each, `"\x1f\x8b"`, and lines that begin with `#`.
enum Words {
    static func read(path: String) -> [[UInt8]] {
        let text = FileManager.default.contents(atPath: path).map { Array($0) } ?? []
        return text.split(separator: UInt8(ascii: "\n")).compactMap { line in
            guard line.first != UInt8(ascii: "#"), let start = line.firstIndex(of: UInt8(ascii: "\"")),
                let end = line.lastIndex(of: UInt8(ascii: "\"")), start < end
            else { return nil }
            return word(line[(start + 1)..<end])
        }
    }

    private static func word(_ text: ArraySlice<UInt8>) -> [UInt8] {
        var rest = text
        var word: [UInt8] = []
        while let byte = rest.popFirst() {
            if byte != UInt8(ascii: "\\") {
                word.append(byte)
            } else if rest.first == UInt8(ascii: "x") {
                let digits = String(decoding: rest.dropFirst().prefix(2), as: UTF8.self)
                word.append(UInt8(digits, radix: 16) ?? 0)
                rest = rest.dropFirst(3)
            } else if let next = rest.popFirst() {
                word.append(next)
            }
        }
        return word
    }
}
