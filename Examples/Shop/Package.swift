// swift-tools-version: 6.2
// azu: the data migrations, in db/.
import PackageDescription

let package = Package(
    name: "Shop",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(name: "azu", path: "../..")
    ],
    targets: [
        .executableTarget(
            name: "Migrations",
            dependencies: [
                .product(name: "AzuCommands", package: "azu"),
                .product(name: "DataMigrations", package: "azu"),
            ],
            path: "db",
            exclude: ["data"],
            plugins: [.plugin(name: "MigrationRegistry", package: "azu")]
        ),
        .testTarget(
            name: "MigrationsTests",
            dependencies: [
                "Migrations",
                "ShopSchema",
                "shop-seed",
                .product(name: "DataMigrations", package: "azu"),
                .product(name: "DataMigrationsTesting", package: "azu"),
            ]
        ),

        // What the shop's application brings along: its tables, and rows as years of use leave them.
        .target(
            name: "ShopSchema",
            dependencies: [.product(name: "Database", package: "azu")],
            path: "Schema"
        ),
        .executableTarget(
            name: "shop-seed",
            dependencies: [
                "ShopSchema",
                .product(name: "Database", package: "azu"),
                .product(name: "SQLiteDriver", package: "azu"),
            ],
            path: "Seed"
        ),
    ],
    swiftLanguageModes: [.v6]
)
