import Foundation

/// A TCP socket, whose calls block their thread.
struct WireSocket: Sendable {
    /// A call of the system failed.
    struct Failed: Error, CustomStringConvertible {
        let description: String

        init(_ call: String) { description = "\(call): \(String(cString: strerror(errno)))" }
    }

    private let descriptor: Int32

    #if canImport(Darwin)
    private static let stream = SOCK_STREAM
    private static let flags: Int32 = 0
    #else
    private static let stream = Int32(SOCK_STREAM.rawValue)
    /// A peer that is gone must not end the process.
    private static let flags = Int32(MSG_NOSIGNAL)
    #endif

    // MARK: Making sockets

    /// A socket that listens on a free port of 127.0.0.1.
    static func listening() throws -> WireSocket {
        let descriptor = socket(AF_INET, stream, 0)
        guard descriptor >= 0 else { throw Failed("socket") }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, size) == 0 }
        }
        guard isBound, listen(descriptor, 64) == 0 else {
            defer { close(descriptor) }
            throw Failed("listen")
        }
        return WireSocket(descriptor: descriptor)
    }

    /// The port that a socket listens on.
    var port: Int {
        var address = sockaddr_in()
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &size) }
        }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    /// The next connection to a socket that listens; `nil` if none comes for a moment.
    func accepted() -> WireSocket? {
        var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&waiting, 1, 50) > 0 else { return nil }
        let client = accept(descriptor, nil, nil)
        guard client >= 0 else { return nil }
        return WireSocket(descriptor: client).withoutDelay()
    }

    /// A connection to a server.
    static func connected(to host: String, _ port: Int) throws -> WireSocket {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = stream
        var found: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, String(port), &hints, &found) == 0 else { throw Failed("getaddrinfo") }
        defer { freeaddrinfo(found) }
        var next = found
        while let address = next?.pointee {
            let descriptor = socket(address.ai_family, address.ai_socktype, address.ai_protocol)
            if descriptor >= 0 {
                if connect(descriptor, address.ai_addr, address.ai_addrlen) == 0 {
                    return WireSocket(descriptor: descriptor).withoutDelay()
                }
                close(descriptor)
            }
            next = address.ai_next
        }
        throw Failed("connect")
    }

    private func withoutDelay() -> WireSocket {
        setOption(Int32(IPPROTO_TCP), TCP_NODELAY, Int32(1))
        // Who waits for a peer that takes nothing looks up now and then, see `write`.
        setOption(SOL_SOCKET, SO_SNDTIMEO, timeval(tv_sec: 1, tv_usec: 0))
        #if canImport(Darwin)
        setOption(SOL_SOCKET, SO_NOSIGPIPE, Int32(1))
        #endif
        return self
    }

    private func setOption<T>(_ level: Int32, _ option: Int32, _ value: T) {
        _ = withUnsafePointer(to: value) {
            setsockopt(descriptor, level, option, $0, socklen_t(MemoryLayout<T>.size))
        }
    }

    // MARK: Bytes

    /// What arrives next; nothing behind the last byte, `nil` where the connection is broken.
    func read() -> [UInt8]? {
        let size = 1 << 16
        var bytes = [UInt8](repeating: 0, count: size)
        while true {
            let count = recv(descriptor, &bytes, size, 0)
            if count >= 0 { return Array(bytes.prefix(count)) }
            guard errno == EINTR else { return nil }
        }
    }

    /// Sends bytes; gives up once `isOver`.
    ///
    /// - Returns: whether all of them were taken.
    func write(_ bytes: [UInt8], unless isOver: () -> Bool) -> Bool {
        var start = 0
        while start < bytes.count {
            let count = bytes[start...].withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Self.flags) }
            if count >= 0 {
                start += count
            } else if ![EINTR, EAGAIN].contains(errno) || isOver() {
                return false
            }
        }
        return true
    }

    // MARK: The end

    /// Tells the peer that nothing more comes.
    func endWriting() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Has ``finish()`` reset the connection, and wakes who waits in ``read()``.
    ///
    /// A socket that another thread still reads from is not closed by `close`.
    func breakOff() {
        setOption(SOL_SOCKET, SO_LINGER, linger(l_onoff: 1, l_linger: 0))
        shutdown(descriptor, Int32(SHUT_RD))
    }

    /// Closes the socket, which nobody uses any more.
    func finish() { close(descriptor) }
}
