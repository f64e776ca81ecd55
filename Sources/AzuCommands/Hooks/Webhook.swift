import DataMigrations
import Foundation

/// `AZU_WEBHOOK_URL`: an address to which each turn of a run is posted, as JSON.
///
/// It is `curl` that posts: a library for HTTP and TLS would be linked into every command, also where nobody has a webhook.
/// The address and what is posted go to its standard input, so that no list of processes shows them.
struct Webhook: RecordHooks {
    private let url: String
    /// What messages say: nothing that could be secret.
    private let host: String
    private let folder: URL
    let environment: String

    /// How long one attempt may take, in seconds.
    private static let attempt = 10
    /// How long all attempts may take together.
    private static let limit = 30

    /// - Throws: ``CommandFailure`` if it is no address of the web.
    init(_ url: String, folder: URL, environment: String) throws {
        let isPlain = url.unicodeScalars.allSatisfy { $0.value > 0x20 && $0.value != 0x7f }
        guard isPlain, let parts = URLComponents(string: url), let host = parts.host, !host.isEmpty,
            ["http", "https"].contains(parts.scheme?.lowercased())
        else {
            throw CommandFailure("AZU_WEBHOOK_URL is not an address that begins with https:// or http://")
        }
        self.url = url
        self.host = host
        self.folder = folder
        self.environment = environment
    }

    func send(_ record: HookRecord) async throws {
        let child = ChildProcess(
            arguments: ["/usr/bin/env", "curl", "-q", "--config", "-"],
            folder: folder,
            input: Data(configuration(record.json).utf8),
            keepsOutput: true
        )
        let (ending, output) = try await child.run(limit: .seconds(Self.limit + 1))
        switch ending {
        case .exit(0): break
        case .exit(let code): throw failure(code, status: output)
        case .signal(let signal): throw HookFailure(description: "curl was ended by signal \(signal)")
        case .timeLimit: throw HookFailure(description: "the webhook \(host) took too long")
        }
    }

    /// The options of `curl`, as it reads them out of a file.
    func configuration(_ body: String) -> String {
        let options = [
            ("url", url), ("request", "POST"), ("header", "Content-Type: application/json"),
            ("header", "User-Agent: azu"), ("header", "Expect:"),
            ("data-raw", body), ("proto", "=http,https"), ("connect-timeout", "\(Self.attempt)"),
            ("max-time", "\(Self.attempt)"), ("retry", "3"), ("retry-max-time", "\(Self.limit - Self.attempt)"),
            ("output", "/dev/null"), ("write-out", "%{http_code}"),
        ].map { "\($0.0) = \"\(Self.escaped($0.1))\"" }
        return (options + ["retry-connrefused", "silent", "fail", "globoff"]).joined(separator: "\n") + "\n"
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
    }

    /// What `curl` says in numbers; its words might show the address.
    private func failure(_ code: Int32, status: String) -> HookFailure {
        let problem =
            switch code {
            case 6: "is not found"
            case 7: "can't be reached"
            case 22: "answers with the status \(status)"
            case 28: "took too long"
            case 35, 51, 58, 60: "can't be trusted: TLS failed"
            case 126, 127: "can't be called without the program curl, which is not installed"
            default: "can't be called (curl's exit code \(code))"
            }
        return HookFailure(description: "the webhook \(host) \(problem)")
    }
}
