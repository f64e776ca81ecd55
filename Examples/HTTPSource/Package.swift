// swift-tools-version: 6.2
// azu: the data migrations, in db/.
import PackageDescription

let package = Package(
    name: "HTTPSource",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(name: "azu", path: "../.."),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    ],
    targets: [
        .executableTarget(
            name: "Migrations",
            dependencies: [
                .product(name: "AzuCommands", package: "azu"),
                .product(name: "DataMigrations", package: "azu"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
            ],
            path: "db",
            plugins: [.plugin(name: "MigrationRegistry", package: "azu")]
        )
    ],
    swiftLanguageModes: [.v6]
)
