// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "Benchmarks",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "azu", path: "..")],
    targets: [
        .executableTarget(
            name: "BenchMigrations",
            dependencies: [
                .product(name: "AzuCommands", package: "azu"),
                .product(name: "DataMigrations", package: "azu"),
            ]
        )
    ],
    swiftLanguageModes: [.v6]
)
