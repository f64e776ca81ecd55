import Foundation

/// How long, and from which seed on, tests of random cases go on.
package enum Settings {
    private static let variables = ProcessInfo.processInfo.environment

    /// `AZU_TEST_SECONDS`; 10 by default.
    package static var seconds: Double { variables["AZU_TEST_SECONDS"].flatMap { Double($0) } ?? 10 }

    /// `AZU_TEST_SEED`, the first seed; 1 by default.
    package static var firstSeed: UInt64 { variables["AZU_TEST_SEED"].flatMap { UInt64($0) } ?? 1 }
}
