import Foundation

/// Sets azu up in an empty folder, or in a package that is there.
struct ProjectGenerator {
    var package: PackageSource
    var writer: ProjectWriter

    /// Writes what is missing and says what became of each file.
    func run() throws -> [ProjectWriter.Outcome] {
        let manifest = try manifestOutcome()
        return try [manifest] + writer.write(Self.files)
    }

    /// What is to be known besides: one line each.
    func notes() throws -> [String] {
        var notes: [String] = []
        if writer.exists("Package.swift"),
            try writer.read("Package.swift").contains(/\.macOS\((\.v1[0-4]|"1[0-4])/)
        {
            notes.append("azu needs macOS 15: raise the platform .macOS in Package.swift to 15")
        }
        return try notes + writer.notes()
    }

    private func manifestOutcome() throws -> ProjectWriter.Outcome {
        let path = "Package.swift"
        if writer.exists(path), PackageManifest.isSetUp(try writer.read(path)) {
            return ProjectWriter.Outcome(action: .exists, path: path)
        }
        try package.check(root: writer.root)
        let manifest = PackageManifest(
            declaration: package.declaration,
            identity: package.identity(root: writer.root)
        )
        let folder = writer.root.standardizedFileURL.lastPathComponent
        guard folder.lowercased() != manifest.identity else {
            throw GeneratorError(
                "a package in a folder named \(folder) can't depend on azu of the same name; rename the folder"
            )
        }
        guard writer.exists(path) else {
            let created = try writer.write([GeneratedFile(path: path, contents: manifest.new(name: folder))])
            return created[0]
        }
        let existing = try writer.read(path)
        try PackageManifest.check(existing)
        return try writer.append((existing.hasSuffix("\n") ? "\n" : "\n\n") + manifest.addition, to: path)
    }
}
