import Database
import Foundation
import Testing

/// Exact decimal numbers: what is read is, digit by digit, what the server makes of the same text.
@Suite(.enabled(if: TestServer.isThere), .serialized)
struct NumericTests {
    private func check(_ pairs: [Sample.Pair]) async throws {
        try await TestServer.withConnection { connection in
            try await Sample("numeric", pairs, Sample.asText).check(in: connection)
        }
    }

    /// Digits of which many are zeros, or nines, so that groups of four come out full and empty.
    private static func digits(_ count: Int, using random: inout SplitMix) -> String {
        let style = Int.random(in: 0..<3, using: &random)
        return (0..<count).map { _ -> String in
            let digit = Int.random(in: 0...9, using: &random)
            switch style {
            case 0: return "\(digit)"
            case 1: return digit < 8 ? "0" : "\(digit)"
            default: return digit < 8 ? "9" : "0"
            }
        }.joined()
    }

    private static func number(using random: inout SplitMix) -> String {
        let lengths = [0, 1, 2, 3, 4, 5, 8, 9, 17, 40, 200]
        let before = digits(lengths.randomElement(using: &random) ?? 0, using: &random)
        let behind = digits(lengths.randomElement(using: &random) ?? 0, using: &random)
        let sign = ["", "", "-", "+"].randomElement(using: &random) ?? ""
        let point = behind.isEmpty ? "" : "."
        let isScaled = Int.random(in: 0..<4, using: &random) == 0
        let exponent = isScaled ? "e\(Int.random(in: -40...40, using: &random))" : ""
        return sign + (before.isEmpty && behind.isEmpty ? "0" : before + point + behind) + exponent
    }

    @Test(arguments: UInt64(1)...8) func randomNumbersComeBackDigitByDigit(seed: UInt64) async throws {
        var random = SplitMix(state: seed)
        try await check(
            (0..<60).map { _ -> Sample.Pair in
                let number = Self.number(using: &random)
                return (.text(number), number)
            }
        )
    }

    @Test func theEdgesOfTheFormatComeBackDigitByDigit() async throws {
        let numbers = [
            "0", "-0", "0.0", "-0.00", "0.0000", "0.00000", "1", "10", "1000", "9999", "10000", "99999999", "100000000",
            "1e-20", "-1e-20", "1e20", "1.50e3", "1.5e-3", "0.1", "0.01", "0.001", "0.0001", "0.00001", "10000.00001",
            "00012.3400", ".5", "5.", "123.45678", "0.99999999", "1e-100", "1e100",
            String(repeating: "9", count: 1_000) + "." + String(repeating: "1", count: 1_000),
        ]
        try await check(numbers.map { number -> Sample.Pair in (.text(number), number) })
    }

    @Test func decimalsAreBoundExactly() async throws {
        let texts = [
            "0", "0.1", "-12.1", "123456789012345678.123456789", "99999999999999999999999999999999999999",
            "0.0000000000000000000000000000000000001", "-0.5", "1000000", "1e20", "1e-20",
        ]
        let decimals = texts.compactMap { Decimal(string: $0) }
        try await check(decimals.map { decimal -> Sample.Pair in (.decimal(decimal), decimal.description) })
    }

    @Test(arguments: UInt64(1)...4) func floatingPointNumbersAreBoundByTheirShortestText(seed: UInt64) async throws {
        var random = SplitMix(state: seed)
        try await check(
            (0..<60).map { _ -> Sample.Pair in
                let power = Double(Int.random(in: -30...30, using: &random))
                let double = Double.random(in: -1...1, using: &random) * pow(10, power)
                return (.double(double), "\(double)")
            }
        )
    }
}
