import Foundation
import Testing

@testable import DataMigrations

private struct Number: Decodable, Sendable {
    var n: Int
}

struct ByteStreamTests {
    private func content(_ bytes: [UInt8], skip: Int = 0) throws -> [UInt8] {
        let file = try TemporaryFile(bytes, name: "b.gz")
        let stream = try ByteStream(SourceFile(file.path))
        try stream.skip(to: skip)
        var content: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1009)
        while case let count = try buffer.withUnsafeMutableBytes({ try stream.read(into: $0) }), count > 0 {
            content += buffer.prefix(count)
        }
        #expect(stream.position == skip + content.count)
        #expect(stream.storedPosition == bytes.count)
        return content
    }

    @Test func `several gzip members and zero padding are one stream`() throws {
        var random = SplitMix(state: 1)
        let parts = [70_000, 1, 0, 300_000].map { count in (0..<count).map { _ in UInt8(random.next() % 7) } }
        let zipped = parts.flatMap { gzipped($0) }
        #expect(try content(zipped) == parts.flatMap { $0 })
        #expect(try content(zipped + [UInt8](repeating: 0, count: 70_000)) == parts.flatMap { $0 })
        #expect(try content(zipped, skip: 123_456) == Array(parts.flatMap { $0 }.dropFirst(123_456)))
        #expect(try content(Array("plain".utf8), skip: 2) == Array("ain".utf8))
        #expect(try content([]).isEmpty)
    }

    @Test func `a damaged gzip file is refused in one line that names it`() async throws {
        let text = "n\n" + (0..<20_000).map { "\($0)\n" }.joined()
        let zipped = gzipped(text.utf8)
        var damaged = zipped
        damaged[zipped.count - 6] ^= 1
        for (bytes, problem) in [
            (Array(zipped.dropLast(3)), "ends in the middle of its gzip data"), (damaged, "its gzip data are damaged"),
            (Array(zipped.dropLast(3)), "ends in the middle of its gzip data"),
            (damaged, "its gzip data are damaged"),
        ] {
            let file = try TemporaryFile(bytes, name: "n.csv.gz")
            let failure = await CSVFile<Number>(file.path).failure()
            #expect(failure.hasPrefix("\(file.path): \(problem)"), "\(failure)")
            #expect(!failure.contains("\n"))
        }
    }

    @Test func `a run in a zipped file goes on from every cursor, and tells how far it is in the file`() async throws {
        let text = "n\n" + (0..<5000).map { "\($0)\n" }.joined()
        let bytes = Array(text.utf8)
        let file = try TemporaryFile(gzipped(bytes[..<10_000]) + gzipped(bytes[10_000...]))
        let source = CSVFile<Number>(file.path)
        let all = try await source.everything(rows: 700)
        #expect(all.rows.map(\.n) == Array(0..<5000))
        for (cursor, rows) in all.cursors {
            let rest = try await source.everything(after: cursor)
            #expect(rest.rows.map(\.n) == Array(rows..<5000))
        }
        let size = try #require(FileManager.default.contents(atPath: file.path)).count
        #expect(all.batches.last?.position == size)
        #expect(try await source.stream().size() == .bytes(size))
        #expect(all.cursors.last?.cursor == "offset=\(bytes.count);line=5002")
    }

    @Test func `a missing file, a directory and a foreign cursor are told in one line`() async throws {
        await #expect(CSVFile<Number>("/no/such.csv").failure().hasPrefix("/no/such.csv: there is no such file"))
        await #expect(CSVFile<Number>("/tmp").failure() == "/tmp: is a directory, not a file: name a file in it")
        await #expect(JSONFile<Number>("/dev/null").failure().contains("is not a regular file"))
        let file = try TemporaryFile("n\n1\n")
        await #expect(throws: FileSourceError.self) { try await CSVFile<Number>(file.path).everything(after: "7") }
        await #expect(throws: FileSourceError.self) {
            try await CSVFile<Number>(file.path).everything(after: "offset=99;line=4")
        }
    }

    @Test func `a relative path starts from the project's root`() async throws {
        let file = try TemporaryFile("n\n1\n")
        let source = CSVFile<Number>(file.url.lastPathComponent)
        let rows = try await ProjectRoot.$url.withValue(file.url.deletingLastPathComponent()) {
            try await source.everything().rows
        }
        #expect(rows.count == 1)
        await #expect(source.failure().contains("there is no such file"))
        #expect(source.label == file.url.lastPathComponent)
    }

    @Test func `the fingerprint is the size and the CRC-32 that Python computes`() async throws {
        let bytes = (0..<600_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        let file = try TemporaryFile(bytes)
        let program = "import sys,zlib; print('%08x' % zlib.crc32(open(sys.argv[1],'rb').read()), end='')"
        let crc = String(decoding: try python(program, file.path), as: UTF8.self)
        #expect(try await CSVFile<Number>(file.path).stream().fingerprint() == "size=600000;crc32=\(crc)")
        let empty = try TemporaryFile("")
        #expect(try FileFingerprint.of(SourceFile(empty.path)) == "size=0;crc32=00000000")
    }

    @Test func `a record that never ends is refused before it fills the memory`() throws {
        let file = try TemporaryFile([UInt8](repeating: 65, count: 10_000))
        let window = ByteWindow(try ByteStream(SourceFile(file.path)), chunk: 1000, limit: 4000)
        #expect(throws: FileSourceError.self) { while try window.fill() {} }
    }

    @Test func `UTF-8 is valid where Swift's String needs no repair`() {
        var random = SplitMix(state: 3)
        let edges: [UInt8] = [
            0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc2, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0xf5,
        ]
        for _ in 0..<200_000 {
            let bytes = (0..<Int.random(in: 1...5, using: &random)).map { _ in edges.randomElement(using: &random) ?? 0
            }
            let isValid = bytes.withUnsafeBytes(UTF8Check.isValid)
            if isValid != (String(validating: bytes, as: UTF8.self) != nil) { Issue.record("\(bytes)") }
        }
    }
}
