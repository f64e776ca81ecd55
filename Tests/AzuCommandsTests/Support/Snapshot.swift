import Foundation
import Testing

/// Texts as they were when somebody last looked at them, in `Tests/AzuCommandsTests/Snapshots`.
///
/// `AZU_RECORD=1 swift test --filter SnapshotTests` writes them anew; what changed is then seen in the commit.
struct Snapshot {
    /// The folder below `Snapshots`.
    let folder: String

    private static let isRecording = ProcessInfo.processInfo.environment["AZU_RECORD"] == "1"

    private var url: URL {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Snapshots/\(folder)", directoryHint: .isDirectory)
    }

    /// Compares a text with its file, and shows the lines that differ.
    func expect(_ text: String, is name: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        let file = url.appending(path: name)
        if Self.isRecording {
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
            return try Data(text.utf8).write(to: file)
        }
        guard let data = FileManager.default.contents(atPath: file.path(percentEncoded: false)) else {
            Issue.record(Self.comment("there is no \(folder)/\(name)"), sourceLocation: sourceLocation)
            return
        }
        let difference = Self.difference(from: String(decoding: data, as: UTF8.self), to: text)
        if difference.isEmpty { return }
        Issue.record(Self.comment("\(folder)/\(name) differs:\n\(difference)"), sourceLocation: sourceLocation)
    }

    /// Makes sure that nothing else is in the folder.
    func expectOnly(_ names: [String], sourceLocation: SourceLocation = #_sourceLocation) throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: url.path(percentEncoded: false))
        let extra = Set(files).subtracting(names).sorted()
        if Self.isRecording {
            for name in extra { try FileManager.default.removeItem(at: url.appending(path: name)) }
        } else if !extra.isEmpty {
            Issue.record(Self.comment("nothing has \(extra) in \(folder)"), sourceLocation: sourceLocation)
        }
    }

    /// Lines that are gone and lines that are new, each with its number.
    static func difference(from old: String, to new: String) -> String {
        let (old, new) = (lines(old), lines(new))
        return new.difference(from: old).sorted { $0.line < $1.line }.map(\.text).joined(separator: "\n")
    }

    private static func lines(_ text: String) -> [Substring] {
        text.split(separator: "\n", omittingEmptySubsequences: false)
    }

    private static func comment(_ text: String) -> Comment {
        "\(text)\nAZU_RECORD=1 swift test --filter SnapshotTests writes it anew"
    }
}

extension CollectionDifference<Substring>.Change {
    fileprivate var line: Int {
        switch self {
        case .insert(let offset, _, _), .remove(let offset, _, _): offset
        }
    }

    fileprivate var text: String {
        switch self {
        case .remove(let offset, let line, _): "\(offset + 1) - \(line)"
        case .insert(let offset, let line, _): "\(offset + 1) + \(line)"
        }
    }
}
