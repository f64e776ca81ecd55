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
        ),

        // azu's side of the jobs of `script/bench peers` on PostgreSQL, one of which `script/bench neighbour` runs.
        .executableTarget(
            name: "PeerMigrations",
            dependencies: [
                .product(name: "AzuCommands", package: "azu"),
                .product(name: "DataMigrations", package: "azu"),
            ],
            path: "Peers",
            plugins: [.plugin(name: "MigrationRegistry", package: "azu")]
        ),
    ],
    swiftLanguageModes: [.v6]
)
