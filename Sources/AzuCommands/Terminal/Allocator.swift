import Foundation

/// The C library's heap.
enum Allocator {
    /// Has memory given back as soon as it is free, where the library is glibc.
    ///
    /// There each thread gets a heap of its own, and buffers of a few megabytes stay in it: a run would hold twice what it
    /// uses. The header that declares `mallopt` is in no module.
    static func keepSmall() {
        guard let symbol = dlsym(dlopen(nil, RTLD_NOW), "mallopt") else { return }
        let mallopt = unsafeBitCast(symbol, to: (@convention(c) (Int32, Int32) -> Int32).self)
        let (trimThreshold, mapThreshold, arenaMax): (Int32, Int32, Int32) = (-1, -3, -8)
        _ = mallopt(arenaMax, 2)
        _ = mallopt(mapThreshold, 128 << 10)
        _ = mallopt(trimThreshold, 1 << 20)
    }
}
