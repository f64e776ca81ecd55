/// How an input's content becomes a file.
enum FileForm: Int {
    case plain, zipped, zippedTwice

    /// Takes the form from the input's next byte, and the content from all that follows it.
    static func fill(_ input: inout FuzzInput) -> [UInt8] {
        let form = FileForm(rawValue: input.choice(3)) ?? .plain
        let content = input.rest
        switch form {
        case .plain: ScratchFile.fill(content)
        case .zipped: ScratchFile.fill(StoredGzip.file([content]))
        case .zippedTwice:
            let half = content.count / 2
            ScratchFile.fill(StoredGzip.file([Array(content[..<half]), [], Array(content[half...])]))
        }
        return content
    }
}
