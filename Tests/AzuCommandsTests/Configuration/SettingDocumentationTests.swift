import DataMigrationsObservability
import Foundation
import Testing

@testable import AzuCommands

/// The pages about settings and metrics name all of them, and none that there is not.
@Suite struct SettingDocumentationTests {
    private func page(_ name: String) throws -> String {
        var root = URL(filePath: #filePath)
        while root.path() != "/", !FileManager.default.fileExists(atPath: root.appending(path: "docs").path()) {
            root.deleteLastPathComponent()
        }
        return try String(contentsOf: root.appending(path: "docs/\(name)"), encoding: .utf8)
    }

    /// The first cells of the rows of a page's tables that look like `pattern`.
    private func names(in page: String, _ pattern: Regex<(Substring, Substring)>) -> [String] {
        page.split(separator: "\n").compactMap { line in line.prefixMatch(of: pattern).map { String($0.output.1) } }
    }

    @Test func everySettingIsDocumented() throws {
        let page = try page("configuration.md")
        for setting in Setting.all {
            let flag = setting.flag.map { "`\($0)`" } ?? ""
            let row = "| `\(setting.name)` | `\(setting.variable)` | \(flag)".trimmingCharacters(in: .whitespaces)
            #expect(page.contains(row), "\(row)")
        }
        let named = names(in: page, #/\| `([A-Za-z]+)` \|/#)
        #expect(named.sorted() == Setting.all.map(\.name).sorted())
    }

    @Test func everyMetricIsDocumented() throws {
        let named = names(in: try page("observability.md"), #/\| `(azu_[a-z_]+)` \|/#)
        #expect(named.sorted() == MetricName.allCases.map(\.rawValue).sorted())
    }
}
