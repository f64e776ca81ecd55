import Checksum
import Foundation
import Testing

@Suite struct SHA256Tests {
    /// Of FIPS 180-4's examples, and of the lengths where padding begins a block of its own.
    @Test(
        "the published vectors",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
            (String(repeating: "a", count: 55), "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318"),
            (String(repeating: "a", count: 56), "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a"),
            (String(repeating: "a", count: 63), "7d3e74a05d7db15bce4ad9ec0658ea98e3f06eeecf16b4c6fff2da457ddc2f34"),
            (String(repeating: "a", count: 64), "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb"),
            (String(repeating: "a", count: 65), "635361c48bb9eab14198e76ea8ab7f1a41685d6ad62aa9146d301d4f17eb0ae0"),
            (
                String(repeating: "a", count: 1_000_000),
                "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
            ),
        ]
    )
    func vector(text: String, hex: String) {
        #expect(SHA256.hex(of: Array(text.utf8)) == hex)
    }

    @Test("parts of any length make the same hash as the whole")
    func streaming() {
        let bytes = (0..<1_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let whole = SHA256.hex(of: bytes)
        for length in [1, 3, 63, 64, 65, 127, 500] {
            var hash = SHA256()
            for start in stride(from: 0, to: bytes.count, by: length) {
                hash.update(Array(bytes[start..<min(start + length, bytes.count)]))
            }
            #expect(hash.hexDigest == whole)
            #expect(hash.hexDigest == whole, "asking for the digest leaves the hash as it was")
        }
    }

    /// Linux only: macOS calls the program `shasum`.
    @Test(
        "random data hashes as with sha256sum",
        .enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/sha256sum"))
    )
    func sha256sum() throws {
        for length in [0, 1, 119, 120, 4_096, 70_001] {
            let bytes = (0..<length).map { _ in UInt8.random(in: .min ... .max) }
            let file = FileManager.default.temporaryDirectory.appending(path: "azu-checksum-\(UUID().uuidString)")
            try Data(bytes).write(to: file)
            defer { try? FileManager.default.removeItem(at: file) }

            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/sha256sum")
            process.arguments = [file.path(percentEncoded: false)]
            let output = Pipe()
            process.standardOutput = output
            try process.run()
            let line = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
            process.waitUntilExit()

            #expect(line.prefix(64) == SHA256.hex(of: bytes), "of \(length) bytes")
        }
    }
}
