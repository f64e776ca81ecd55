// swift-tools-version: 6.2
import PackageDescription

// `script/fuzz` says `libfuzzer` where the toolchain can link it, and hands the sanitizers to the compiler.
let hasLibFuzzer = Context.environment["AZU_FUZZ_ENGINE"] == "libfuzzer"

let package = Package(
    name: "Fuzzing",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "azu", path: "..")],
    targets: [
        // What must hold for any input, one file a parser.
        .target(
            name: "FuzzTargets",
            dependencies: [
                .product(name: "DataMigrations", package: "azu"),
                .product(name: "Database", package: "azu"),
                .product(name: "PostgresDriver", package: "azu"),
            ]
        ),
        // What tries inputs where there is no libFuzzer.
        .target(name: "MutatingEngine"),
        .executableTarget(
            name: "azu-fuzz",
            dependencies: hasLibFuzzer ? ["FuzzTargets"] : ["FuzzTargets", "MutatingEngine"],
            // Either engine brings a `main`.
            exclude: [hasLibFuzzer ? "AzuFuzz.swift" : "LibFuzzer.swift"]
        ),
    ],
    swiftLanguageModes: [.v6]
)

for target in package.targets {
    target.swiftSettings = [
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    ]
}
