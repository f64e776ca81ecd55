import Foundation

/// Where a project gets azu from: `--package PATH|URL`.
struct PackageSource: Equatable {
    /// Where azu is published.
    static let published = "https://github.com/azu-migrations/azu"
    private static let minimumVersion = "0.1.0"

    /// The path or URL as it was given.
    var location: String

    /// Whether the location is a URL of a Git repository; otherwise it is a folder.
    var isURL: Bool { location.contains("://") || location.hasPrefix("git@") }

    /// What products are asked of: the last component, as SwiftPM has it.
    func identity(root: URL) -> String {
        guard !isURL else {
            let end = location.hasSuffix("/") ? location.dropLast() : location[...]
            let last = end.split { $0 == "/" || $0 == ":" }.last.map(String.init) ?? location
            return (last.hasSuffix(".git") ? String(last.dropLast(4)) : last).lowercased()
        }
        return folder(root: root).lastPathComponent.lowercased()
    }

    /// The dependency as a manifest declares it.
    var declaration: String {
        isURL
            ? ".package(url: \(swiftLiteral(location)), from: \"\(Self.minimumVersion)\")"
            : ".package(path: \(swiftLiteral(location)))"
    }

    /// Refuses a folder without a package.
    func check(root: URL) throws {
        guard !isURL else { return }
        let manifest = folder(root: root).appending(path: "Package.swift").path(percentEncoded: false)
        guard FileManager.default.fileExists(atPath: manifest) else {
            throw GeneratorError(
                "there is no Package.swift in \(location); --package takes azu's own folder, relative to the project, "
                    + "or the URL of its repository"
            )
        }
    }

    private func folder(root: URL) -> URL {
        URL(filePath: location, directoryHint: .isDirectory, relativeTo: root).standardizedFileURL
    }
}

/// A string literal of Swift.
func swiftLiteral(_ text: String) -> String {
    "\"" + text.map { $0 == "\\" || $0 == "\"" ? "\\\($0)" : String($0) }.joined() + "\""
}
