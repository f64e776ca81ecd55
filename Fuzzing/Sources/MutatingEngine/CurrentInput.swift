import Foundation

/// The input that is being tried, in a file that outlives the process: its length in eight bytes, and its bytes.
struct CurrentInput {
    /// Where the worker finds the file's path.
    static let variable = "AZU_FUZZ_CURRENT"
    private let memory: UnsafeMutableRawBufferPointer

    /// Maps the file, which is there and as long as it has to be.
    init?(path: String) {
        let descriptor = open(path, O_RDWR)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        let size = Int(lseek(descriptor, 0, SEEK_END))
        guard size > 8, let start = mmap(nil, size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0),
            start != UnsafeMutableRawPointer(bitPattern: -1)
        else { return nil }
        memory = UnsafeMutableRawBufferPointer(start: start, count: size)
    }

    /// Makes a file for inputs of a length.
    static func makeFile(longest: Int) -> String? {
        let path = NSTemporaryDirectory() + "azu-fuzz-\(getpid())-current"
        return FileManager.default.createFile(atPath: path, contents: Data(count: 8 + longest)) ? path : nil
    }

    /// What a file holds.
    static func bytes(path: String) -> [UInt8] {
        let file = FileManager.default.contents(atPath: path).map { Array($0) } ?? []
        guard file.count >= 8 else { return [] }
        let count = file.withUnsafeBytes { $0.loadUnaligned(as: Int.self) }
        return Array(file.dropFirst(8).prefix(count))
    }

    func set(_ bytes: [UInt8]) {
        memory.storeBytes(of: bytes.count, as: Int.self)
        UnsafeMutableRawBufferPointer(rebasing: memory.dropFirst(8)).copyBytes(from: bytes)
    }
}
