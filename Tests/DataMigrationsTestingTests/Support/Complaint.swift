import Synchronization
import Testing

/// What an expectation complains about: the texts of its issues.
///
/// That it complains about nothing is an issue by itself.
func complaint(_ body: () async throws -> Void) async throws -> String {
    try await complaints(body).map(\.text).joined(separator: "\n")
}

/// An issue's text, and where it is shown.
struct Complaint: Sendable {
    var text: String
    var line: Int?
    var file: String?
}

/// The issues that an expectation makes.
func complaints(_ body: () async throws -> Void) async throws -> [Complaint] {
    let notes = Notes()
    try await withKnownIssue {
        try await body()
    } matching: { issue in
        notes.add(
            Complaint(
                text: issue.comments.map(\.rawValue).joined(separator: "\n"),
                line: issue.sourceLocation?.line,
                file: issue.sourceLocation?.fileName
            )
        )
        return true
    }
    return notes.all
}

private final class Notes: Sendable {
    private let complaints = Mutex<[Complaint]>([])

    var all: [Complaint] { complaints.withLock { $0 } }

    func add(_ complaint: Complaint) { complaints.withLock { $0.append(complaint) } }
}
