import Foundation

/// The file that each input is put in: on Linux it is in memory and has no name, so that a crash leaves nothing behind.
enum ScratchFile {
    #if os(Linux)
    private static let folder = "/dev/shm/"
    #else
    private static let folder = NSTemporaryDirectory()
    #endif

    private static let name = folder + "azu-fuzz-\(getpid())"

    private static let descriptor: CInt = {
        let descriptor = open(name, O_RDWR | O_CREAT | O_TRUNC, 0o600)
        require(descriptor >= 0, "there is no file to put inputs in")
        #if os(Linux)
        unlink(name)
        #endif
        return descriptor
    }()

    static let path: String = {
        #if os(Linux)
        "/proc/self/fd/\(descriptor)"
        #else
        name
        #endif
    }()

    static func fill(_ bytes: [UInt8]) {
        require(ftruncate(descriptor, 0) == 0, "the file can't be emptied")
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes {
                pwrite(descriptor, $0.baseAddress.map { $0 + written }, bytes.count - written, off_t(written))
            }
            require(count > 0, "the file can't be written")
            written += count
        }
    }
}
