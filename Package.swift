// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "azu",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "azu", targets: ["azu"]),
        .library(name: "DataMigrations", targets: ["DataMigrations"]),
        .library(name: "DataMigrationsObservability", targets: ["DataMigrationsObservability"]),
        .library(name: "DataMigrationsService", targets: ["DataMigrationsService"]),
        .library(name: "DataMigrationsTesting", targets: ["DataMigrationsTesting"]),
        .library(name: "Database", targets: ["Database"]),
        .library(name: "SQLiteDriver", targets: ["SQLiteDriver"]),
        .library(name: "PostgresDriver", targets: ["PostgresDriver"]),
        .library(name: "SchemaMigrations", targets: ["SchemaMigrations"]),
        .library(name: "AzuCommands", targets: ["AzuCommands"]),
        .plugin(name: "MigrationRegistry", targets: ["MigrationRegistry"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        // Its own JSON files are not used.
        .package(url: "https://github.com/apple/swift-configuration", from: "1.4.0", traits: []),
        .package(url: "https://github.com/apple/swift-distributed-tracing", from: "1.7.3"),
        .package(url: "https://github.com/apple/swift-log", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // The contract of a driver, and the drivers.
        .target(name: "Database"),
        .target(
            name: "SQLiteDriver",
            dependencies: [
                "Database",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ]
        ),
        .systemLibrary(
            name: "CLibPQ",
            pkgConfig: "libpq",
            providers: [.apt(["libpq-dev"]), .brew(["libpq"])]
        ),
        .target(
            name: "PostgresDriver",
            dependencies: ["CLibPQ", "Database", .product(name: "Logging", package: "swift-log")]
        ),

        // What a migration imports.
        .systemLibrary(
            name: "CZlib",
            pkgConfig: "zlib",
            providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]
        ),
        .target(
            name: "DataMigrations",
            dependencies: ["CZlib", "Checksum", "Database", "MigrationNaming", "SQLFiles"]
        ),

        // SQL in files: directives, statements, placeholders. Schema migrations are such files.
        .target(name: "SQLFiles"),
        .target(name: "SchemaMigrations", dependencies: ["Checksum", "Database", "MigrationNaming", "SQLFiles"]),

        // For programs that run migrations themselves.
        .target(
            name: "DataMigrationsObservability",
            dependencies: [
                "DataMigrations",
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
            ]
        ),
        .target(
            name: "DataMigrationsService",
            dependencies: [
                "DataMigrations",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]
        ),

        // The command line.
        .target(
            name: "AzuCommands",
            dependencies: [
                "DataMigrations",
                "DataMigrationsObservability",
                "Database",
                "MigrationNaming",
                "PostgresDriver",
                "SQLFiles",
                "SQLiteDriver",
                "SchemaMigrations",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
            ]
        ),
        .executableTarget(name: "azu", dependencies: ["AzuCommands"]),

        // For the tests of the people who write migrations, and for the drivers' compliance suite.
        // It links the testing library of the toolchain: nothing that is shipped may depend on it.
        .target(
            name: "DataMigrationsTesting",
            dependencies: ["DataMigrations", "Database", "PostgresDriver", "SQLFiles", "SQLiteDriver"]
        ),

        // Lists the migrations of a target at build time.
        .target(name: "Checksum"),
        .target(name: "MigrationNaming"),
        .executableTarget(name: "azu-registry", dependencies: ["Checksum", "MigrationNaming", "SQLFiles"]),
        .plugin(name: "MigrationRegistry", capability: .buildTool(), dependencies: ["azu-registry"]),

        .testTarget(name: "ChecksumTests", dependencies: ["Checksum"]),
        .testTarget(name: "RegistryTests", dependencies: ["Checksum", "MigrationNaming", "azu-registry"]),
        .testTarget(name: "SQLFilesTests", dependencies: ["SQLFiles"]),
        .testTarget(
            name: "SchemaMigrationsTests",
            dependencies: ["Database", "PostgresDriver", "SQLFiles", "SQLiteDriver", "SchemaMigrations", "TestSupport"]
        ),
        .testTarget(name: "DatabaseTests", dependencies: ["Database", "SQLiteDriver"]),
        .testTarget(name: "SQLiteDriverTests", dependencies: ["DataMigrationsTesting", "Database", "SQLiteDriver"]),
        .testTarget(
            name: "PostgresDriverTests",
            dependencies: [
                "CLibPQ", "DataMigrations", "DataMigrationsTesting", "Database", "PostgresDriver", "SQLiteDriver",
            ]
        ),
        .testTarget(
            name: "DataMigrationsTests",
            dependencies: ["CZlib", "DataMigrations", "DataMigrationsTesting", "Database", "SQLiteDriver"]
        ),
        .testTarget(
            name: "DataMigrationsTestingTests",
            dependencies: ["DataMigrations", "DataMigrationsTesting", "Database", "PostgresDriver", "SQLiteDriver"]
        ),
        .testTarget(
            name: "DataMigrationsObservabilityTests",
            dependencies: [
                "DataMigrations", "DataMigrationsObservability", "DataMigrationsTesting", "Database",
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "InMemoryTracing", package: "swift-distributed-tracing"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "MetricsTestKit", package: "swift-metrics"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
            ]
        ),
        .testTarget(
            name: "DataMigrationsServiceTests",
            dependencies: [
                "DataMigrations", "DataMigrationsService", "Database", "SQLiteDriver",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]
        ),
        // What tests on both databases have in common.
        .target(
            name: "TestSupport",
            dependencies: ["DataMigrations", "Database", "PostgresDriver", "SQLiteDriver"],
            path: "Tests/TestSupport"
        ),
        // The way back.
        .testTarget(
            name: "ReversalTests",
            dependencies: [
                "DataMigrations", "DataMigrationsTesting", "Database", "PostgresDriver", "SQLiteDriver", "TestSupport",
            ]
        ),
        // Files of SQL.
        .testTarget(
            name: "SQLMigrationTests",
            dependencies: ["DataMigrations", "Database", "SQLFiles", "TestSupport"]
        ),
        // What a run is given, and whom it tells.
        .testTarget(name: "RunningTests", dependencies: ["DataMigrations", "Database", "TestSupport"]),
        // Nothing is lost, whatever breaks. A process that is to be killed is one of `azu-fault`.
        .executableTarget(
            name: "azu-fault",
            dependencies: ["DataMigrations", "Database", "TestSupport"],
            path: "Tests/FaultChild"
        ),
        .testTarget(
            name: "FaultTests",
            dependencies: [
                "CLibPQ", "DataMigrations", "DataMigrationsTesting", "Database", "PostgresDriver", "SQLiteDriver",
                "TestSupport", "azu-fault",
            ]
        ),
        // The command line as a real process, with migrations compiled in.
        .executableTarget(name: "azu-fixture", dependencies: ["AzuCommands", "DataMigrations"], path: "Tests/Fixture"),
        .testTarget(
            name: "CommandLineTests",
            dependencies: ["azu-fixture", "Database", "PostgresDriver", "SQLiteDriver"]
        ),
        .testTarget(
            name: "AzuCommandsTests",
            dependencies: [
                "AzuCommands",
                "DataMigrations",
                "DataMigrationsObservability",
                "DataMigrationsTesting",
                "Database",
                "MigrationNaming",
                "SchemaMigrations",
                "SQLFiles",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
            ],
            exclude: ["Snapshots"]
        ),
    ],
    swiftLanguageModes: [.v6]
)

// Every Swift target speaks the same, strict Swift.
for target in package.targets where ![.plugin, .system].contains(target.type) {
    target.swiftSettings = [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    ]
    // In our own builds only: with some build systems it collides with what SwiftPM says of dependencies.
    if Context.environment["AZU_STRICT"] != nil { target.swiftSettings?.append(.treatAllWarnings(as: .error)) }
}
