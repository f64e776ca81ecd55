extension SourceReading {
    /// How a file of any format is read: a batch at a time, from an offset on, and only while it stays the same file.
    static func file(
        _ path: String,
        open: @escaping @Sendable (_ file: SourceFile, _ cursor: String?) throws -> any BatchReader<Row>,
        reread: @escaping @Sendable (_ file: SourceFile, _ record: String) throws -> Row?
    ) -> SourceReading {
        let root = ProjectRoot.url
        let file = { @Sendable in SourceFile(path, root: ProjectRoot.url ?? root) }
        return SourceReading(
            kind: .stream(
                StreamReading(
                    fingerprint: { try FileFingerprint.of(file()) },
                    size: { .bytes(try StoredFile(file()).size) },
                    open: { try open(file(), $0) },
                    reread: { try reread(file(), $0) }
                )
            )
        )
    }
}
