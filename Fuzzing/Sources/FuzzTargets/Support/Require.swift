import Foundation

/// Ends the program, as a crash does, where something does not hold.
func require(_ condition: Bool, _ problem: @autoclosure () -> String, line: Int = #line, file: String = #fileID) {
    if condition { return }
    // Not `fatalError`, of whose text an optimized build keeps nothing on some platforms.
    FileHandle.standardError.write(Data("azu-fuzz: \(file):\(line): \(problem())\n".utf8))
    abort()
}

/// The error that `body` throws, in words; `nil` if it does not.
func problem(_ body: () throws -> Void) -> String? {
    do {
        try body()
        return nil
    } catch {
        return "\(error)"
    }
}
