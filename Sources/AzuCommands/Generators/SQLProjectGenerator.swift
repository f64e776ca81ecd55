/// Sets azu up in a folder without a Swift package: migrations are files of SQL, which azu itself runs.
struct SQLProjectGenerator {
    var writer: ProjectWriter

    /// Writes what is missing and says what became of each file.
    ///
    /// - Throws: `GeneratorError` where a package is set up already, or a file can't be written.
    func run() throws -> [ProjectWriter.Outcome] {
        let manifest = "Package.swift"
        if writer.exists(manifest), PackageManifest.isSetUp(try writer.read(manifest)) {
            throw GeneratorError(
                "azu is set up in Package.swift already: files of SQL in \(DataMigrationGenerator.folder) run there, too"
            )
        }
        return try writer.write(Self.files)
    }

    /// What is to be known besides: one line each.
    func notes() throws -> [String] {
        try writer.notes() + ["azu generate data_migration NAME --sql writes the first migration"]
    }

    /// The files of such a project.
    static var files: [GeneratedFile] {
        let shared = ["db/data_migrations/.gitkeep", "db/data/.gitkeep", ".env", ".gitignore"]
        return ProjectGenerator.files.filter { shared.contains($0.path) } + [readme]
    }

    private static let readme = GeneratedFile(
        path: "README.md",
        contents: """
            Data migrations are in db/data_migrations, in SQL. `azu db:data:plan` shows what they would do, `azu \
            db:data:migrate` runs them, and `azu db:data:rollback` takes the last one back.

            """
    )
}
