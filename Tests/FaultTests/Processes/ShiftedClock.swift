import Foundation
import TestSupport

/// A wrong time of day for a process, and for it alone: a library that stands before the system's.
///
/// Not `faketime`: as of 0.9.10, it also shifts absolute timers of the monotonic clock (`timerfd_settime`), even where that
/// clock is excluded; and those are what `Task.sleep` goes by.
struct ShiftedClock {
    private static let compiler = ["cc", "clang", "gcc"].lazy.compactMap { Command.find($0) }.first

    #if os(Linux)
    static let isThere = compiler != nil
    #else
    static let isThere = false
    #endif

    private let library: String

    /// Works with such a library.
    static func with<T>(_ body: (_ clock: ShiftedClock) async throws -> T) async throws -> T {
        let folder = FileManager.default.temporaryDirectory.appending(path: "azu-clock-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let (text, library) = (folder.appending(path: "clock.c"), folder.appending(path: "clock.so"))
        try Data(source.utf8).write(to: text)
        let paths = [library, text].map { $0.path(percentEncoded: false) }
        try await Command.run(compiler ?? "cc", ["-shared", "-fPIC", "-O1", "-o"] + paths)
        return try await body(ShiftedClock(library: paths[0]))
    }

    /// What shifts the clock of a process by so many seconds.
    func environment(shiftedBy seconds: Int) -> [String: String] {
        ["LD_PRELOAD": library, "AZU_TEST_CLOCK_SHIFT": "\(seconds)"]
    }

    /// How far off a process is that is given such an environment.
    func shift(in environment: [String: String]) async throws -> TimeInterval {
        let path = Child.executable.path(percentEncoded: false)
        let printed = try await Command.run(path, ["clock"], environment: environment)
        let seconds = Double(printed.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0
        return seconds - Date.now.timeIntervalSince1970
    }

    private static let source = """
        #define _GNU_SOURCE
        #include <stdlib.h>
        #include <sys/syscall.h>
        #include <sys/time.h>
        #include <time.h>
        #include <unistd.h>

        static long shift;
        __attribute__((constructor)) static void start(void) {
            const char *seconds = getenv("AZU_TEST_CLOCK_SHIFT");
            if (seconds) shift = atol(seconds);
        }
        int clock_gettime(clockid_t clock, struct timespec *now) {
            int result = syscall(SYS_clock_gettime, clock, now);
            if (result == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) now->tv_sec += shift;
            return result;
        }
        int gettimeofday(struct timeval *restrict now, void *restrict zone) {
            int result = syscall(SYS_gettimeofday, now, zone);
            if (result == 0) now->tv_sec += shift;
            return result;
        }
        time_t time(time_t *seconds) {
            struct timespec now;
            clock_gettime(CLOCK_REALTIME, &now);
            if (seconds) *seconds = now.tv_sec;
            return now.tv_sec;
        }
        """
}
