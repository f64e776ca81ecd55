import Foundation

/// What the command line says, in libFuzzer's words: `-max_total_time=60 -timeout=10 folder …`.
struct Options {
    /// The files and folders.
    var paths: [String] = []
    private var values: [String: String] = [:]

    init(_ arguments: [String]) {
        for argument in arguments.dropFirst() {
            let halves = argument.split(separator: "=", maxSplits: 1).map(String.init)
            if argument.hasPrefix("-") {
                values[String(halves[0].dropFirst())] = halves.count > 1 ? halves[1] : "1"
            } else {
                paths.append(argument)
            }
        }
    }

    /// How many seconds to go on.
    var seconds: Double { values["max_total_time"].flatMap(Double.init) ?? 60 }
    /// After how many seconds an input hangs.
    var timeout: UInt32 { values["timeout"].flatMap(UInt32.init) ?? 10 }
    /// How long an input may be.
    var longest: Int { values["max_len"].flatMap(Int.init) ?? 4_096 }
    /// Where inputs are kept that crash.
    var artifacts: String { values["artifact_prefix"] ?? "./" }
    /// A file of words.
    var dictionary: String? { values["dict"] }

    /// The inputs of the files and folders, in the order of their names.
    var inputs: [(path: String, bytes: [UInt8])] {
        let files = paths.flatMap { path -> [String] in
            guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else { return [path] }
            return names.sorted().map { path + "/" + $0 }
        }
        return files.compactMap { path in
            FileManager.default.contents(atPath: path).map { (path, Array($0.prefix(longest))) }
        }
    }

    /// Whether there are only files, which are tried as they are.
    var isReplay: Bool {
        var isFolder: ObjCBool = false
        return !paths.contains {
            FileManager.default.fileExists(atPath: $0, isDirectory: &isFolder) && isFolder.boolValue
        }
    }
}
