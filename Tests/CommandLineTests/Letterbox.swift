import Foundation
import Synchronization

/// A server that takes what is posted to it, one request after the other.
final class Letterbox: Sendable {
    /// What was posted.
    struct Letter: Sendable {
        var head: String
        var body: String

        /// The body, which is a JSON object.
        func object() throws -> [String: Any] {
            try JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any] ?? [:]
        }
    }

    private let descriptor: Int32
    let port: Int
    /// What is answered, in turn; the last one from then on.
    private let statuses: [Int]
    private let state = Mutex<(letters: [Letter], isClosed: Bool)>(([], false))

    var letters: [Letter] { state.withLock { $0.letters } }

    init(answers statuses: Int...) throws {
        #if canImport(Darwin)
        let stream = SOCK_STREAM
        #else
        let stream = Int32(SOCK_STREAM.rawValue)
        #endif
        descriptor = socket(AF_INET, stream, 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let (socket, length) = (descriptor, size)
        let isOpen = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(socket, $0, length) == 0 }
        }
        guard isOpen, listen(descriptor, 8) == 0 else { throw CocoaError(.fileReadUnknown) }
        _ = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(socket, $0, &size) }
        }
        port = Int(UInt16(bigEndian: address.sin_port))
        self.statuses = statuses
        Thread.detachNewThread { [self] in serve() }
    }

    /// Answers nobody any more.
    func close() { state.withLock { $0.isClosed = true } }

    private func serve() {
        while !state.withLock({ $0.isClosed }) {
            var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&waiting, 1, 50) > 0 else { continue }
            let client = accept(descriptor, nil, nil)
            guard client >= 0 else { continue }
            let file = FileHandle(fileDescriptor: client, closeOnDealloc: true)
            guard let letter = Self.letter(file) else { continue }
            let number = state.withLock { state in
                state.letters.append(letter)
                return state.letters.count - 1
            }
            let status = statuses[min(number, statuses.count - 1)]
            let answer = "HTTP/1.1 \(status) X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            try? file.write(contentsOf: Data(answer.utf8))
        }
        Foundation.close(descriptor)
    }

    /// Reads one request.
    private static func letter(_ file: FileHandle) -> Letter? {
        var bytes = Data()
        while true {
            let text = String(decoding: bytes, as: UTF8.self)
            let parts = text.split(separator: "\r\n\r\n", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 {
                let lines = parts[0].split(separator: "\r\n").map { $0.lowercased() }
                let length = lines.first { $0.hasPrefix("content-length:") }.flatMap { line in
                    Int(line.dropFirst("content-length:".count).trimmingCharacters(in: .whitespaces))
                }
                if parts[1].utf8.count >= length ?? 0 {
                    return Letter(head: String(parts[0]), body: String(parts[1]))
                }
            }
            guard let more = try? file.read(upToCount: 1), !more.isEmpty else { return nil }
            bytes += more
        }
    }
}
