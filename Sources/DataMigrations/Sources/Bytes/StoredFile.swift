#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// A file that is open for reading, as it is stored.
final class StoredFile {
    let file: SourceFile
    /// The size in bytes when the file was opened.
    let size: Int
    /// How many bytes lie before the next one to be read.
    private(set) var position = 0
    private let descriptor: CInt

    /// - Throws: ``FileSourceError`` if there is no such file, or it can't be read.
    init(_ file: SourceFile) throws {
        let descriptor = open(file.path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.error(file, code: errno) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let code = errno
            close(descriptor)
            throw Self.error(file, code: code)
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            let isDirectory = status.st_mode & S_IFMT == S_IFDIR
            throw file.error(
                isDirectory
                    ? "is a directory, not a file: name a file in it"
                    : "is not a regular file, so a run could not be resumed: save its content to a file"
            )
        }
        self.file = file
        self.descriptor = descriptor
        size = Int(status.st_size)
    }

    deinit { close(descriptor) }

    /// Whether the content starts like gzip's.
    func isGzip() throws -> Bool {
        var magic: (UInt8, UInt8) = (0, 0)
        let count = pread(descriptor, &magic, 2, 0)
        if count < 0 { throw file.error("can't be read: \(Self.text(errno))") }
        return count == 2 && magic == (0x1f, 0x8b)
    }

    /// Reads what comes next, at most as much as the buffer takes; 0 bytes at the end.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
        while true {
            let count = systemRead(descriptor, buffer.baseAddress, buffer.count)
            if count >= 0 {
                position += count
                return count
            }
            if errno != EINTR { throw file.error("can't be read: \(Self.text(errno))") }
        }
    }

    /// Goes on at an offset.
    func seek(to offset: Int) throws {
        guard lseek(descriptor, off_t(offset), SEEK_SET) >= 0 else {
            throw file.error("can't be read: \(Self.text(errno))")
        }
        position = offset
    }

    private static func error(_ file: SourceFile, code: CInt) -> FileSourceError {
        let place = file.path == file.name ? "" : " (looked for \(file.path))"
        return switch code {
        case ENOENT, ENOTDIR: file.error("there is no such file\(place): correct the path, or put the file there")
        case EACCES, EPERM: file.error("this user may not read it\(place): change its permissions")
        default: file.error("can't be opened\(place): \(text(code))")
        }
    }

    private static func text(_ code: CInt) -> String { String(cString: strerror(code)) }
}

/// `read(2)`, by a name that the method does not hide.
private func systemRead(_ descriptor: CInt, _ buffer: UnsafeMutableRawPointer?, _ count: Int) -> Int {
    read(descriptor, buffer, count)
}
