import Foundation

extension Workspace {
    /// Runs the program whose migrations take values, carry tags, or are meant for one environment.
    func runGiven(_ arguments: String..., environment: [String: String] = [:]) throws -> Program.Outcome {
        let variables = ["AZU_FIXTURE": "given", "AZU_FIXTURE_LOG": path("hooks.log")].merging(environment) { $1 }
        return try Program(arguments, in: folder, environment: variables).finish()
    }

    /// Where a file of the folder lies.
    func path(_ name: String) -> String { folder.appending(path: name).path(percentEncoded: false) }

    /// The lines of a file; none, if it is not there.
    func lines(_ name: String) -> [String] {
        let data = FileManager.default.contents(atPath: path(name)) ?? Data()
        return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
    }
}
