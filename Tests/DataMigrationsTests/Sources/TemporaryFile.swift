import CZlib
import Foundation

/// A file that is gone at the end of a test.
final class TemporaryFile: Sendable {
    let url: URL
    var path: String { url.path(percentEncoded: false) }

    init(_ bytes: some Sequence<UInt8>, name: String = "rows") throws {
        url = FileManager.default.temporaryDirectory.appending(path: "azu-\(UUID().uuidString)-\(name)")
        try Data(bytes).write(to: url)
    }

    convenience init(_ text: String, name: String = "rows") throws { try self.init(text.utf8, name: name) }

    deinit { try? FileManager.default.removeItem(at: url) }
}

/// One gzip member.
func gzipped(_ bytes: some Sequence<UInt8>) -> [UInt8] {
    var input = Array(bytes)
    var output = [UInt8](repeating: 0, count: input.count + 1024)
    var stream = z_stream()
    deflateInit2_(
        &stream,
        6,
        Z_DEFLATED,
        15 + 16,
        8,
        Z_DEFAULT_STRATEGY,
        ZLIB_VERSION,
        CInt(MemoryLayout<z_stream>.size)
    )
    let count = input.withUnsafeMutableBufferPointer { source in
        output.withUnsafeMutableBufferPointer { target in
            stream.next_in = source.baseAddress
            stream.avail_in = uInt(source.count)
            stream.next_out = target.baseAddress
            stream.avail_out = uInt(target.count)
            deflate(&stream, Z_FINISH)
            return target.count - Int(stream.avail_out)
        }
    }
    deflateEnd(&stream)
    return Array(output.prefix(count))
}

/// What a Python program prints.
func python(_ program: String, _ arguments: String...) throws -> Data {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", "-c", program] + arguments
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return data
}

/// Numbers that are the same in each run.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
