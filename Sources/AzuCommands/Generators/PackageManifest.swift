/// The parts of a `Package.swift` that concern azu.
struct PackageManifest {
    /// The line that says that azu is set up.
    static let marker = "// azu: the data migrations, in db/."

    /// azu's dependency declaration.
    var declaration: String
    /// azu's name among the dependencies.
    var identity: String

    /// A manifest for a new package.
    func new(name: String) -> String {
        """
        // swift-tools-version: 6.2
        \(Self.marker)
        import PackageDescription

        let package = Package(
            name: \(swiftLiteral(name)),
            platforms: [.macOS(.v15)],
            dependencies: [
                \(declaration)
            ],
            targets: [
        \(targets(indentation: 8))
            ]
        )

        """
    }

    /// What is put behind an existing manifest.
    ///
    /// It works whatever the manifest declares: a package is an object.
    var addition: String {
        """
        \(Self.marker)
        if package.platforms == nil { package.platforms = [.macOS("15.0")] }
        package.dependencies.append(\(declaration))
        package.targets += [
        \(targets(indentation: 4))
        ]

        """
    }

    private func targets(indentation: Int) -> String {
        let source = """
            .executableTarget(
                name: "Migrations",
                dependencies: [
                    .product(name: "AzuCommands", package: "\(identity)"),
                    .product(name: "DataMigrations", package: "\(identity)"),
                ],
                path: "db",
                exclude: ["data"],
                plugins: [.plugin(name: "MigrationRegistry", package: "\(identity)")]
            ),
            .testTarget(
                name: "MigrationsTests",
                dependencies: [
                    "Migrations",
                    .product(name: "DataMigrations", package: "\(identity)"),
                    .product(name: "DataMigrationsTesting", package: "\(identity)"),
                ]
            ),
            """
        let blanks = String(repeating: " ", count: indentation)
        return source.split(separator: "\n").map { blanks + $0 }.joined(separator: "\n")
    }

    /// Whether azu is set up in a manifest.
    static func isSetUp(_ manifest: String) -> Bool {
        manifest.split(separator: "\n").contains { $0.hasPrefix("// azu:") }
    }

    /// Refuses a manifest that the addition can't extend.
    static func check(_ manifest: String) throws {
        let package = /(?m)^(let|var)\s+package\s*(:\s*Package\s*)?=/
        guard manifest.contains(package) else {
            throw GeneratorError(
                "Package.swift has no variable 'package'; write `let package = Package(…)`, to which azu init can add"
            )
        }
        for name in ["Migrations", "MigrationsTests"] where manifest.contains("\"\(name)\"") {
            throw GeneratorError(
                "Package.swift has a target \(name) already; rename it, since azu init adds one of that name"
            )
        }
    }
}
