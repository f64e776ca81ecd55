import Database

@testable import PostgresDriver

/// Exact numbers: what is written is read digit by digit, and bytes that are no number are refused.
///
/// An input is a digit for what is asked, and the text or the bytes of a number.
enum NumericTarget {
    @Sendable static func check(_ bytes: UnsafeRawBufferPointer) {
        guard let kind = bytes.first else { return }
        let rest = UnsafeRawBufferPointer(rebasing: bytes.dropFirst())
        if kind & 1 == 0 {
            checkText(String(decoding: rest, as: UTF8.self))
        } else if let text = Numeric.text(rest) {
            checkText(text)
        }
    }

    private static func checkText(_ text: String) {
        var writer = ByteWriter()
        guard Numeric.write(text, to: &writer) else { return require(writer.count == 0, "a number is half written") }
        let read = writer.bytes.withUnsafeBytes { Numeric.text($0) }
        let expected = expanded(text)
        require(read == expected, "\(text) is read as \(read ?? "nothing"), not as \(expected)")
    }

    /// The number without an exponent: `-1.50e1` is `-15.0`.
    private static func expanded(_ text: String) -> String {
        let halves = text.lowercased().split(separator: "e", omittingEmptySubsequences: false)
        let exponent = halves.count > 1 ? Int(halves[1]) ?? 0 : 0
        let unsigned = halves[0].drop { $0 == "-" || $0 == "+" }
        let parts = unsigned.split(separator: ".", omittingEmptySubsequences: false)
        var digits = parts.joined()
        var scale = (parts.count > 1 ? parts[1].utf8.count : 0) - exponent
        if scale < 0 {
            digits += String(repeating: "0", count: -scale)
            scale = 0
        }
        digits = String(repeating: "0", count: max(0, scale - digits.utf8.count)) + digits
        let whole = digits.dropLast(scale).drop { $0 == "0" }
        let isNegative = text.hasPrefix("-") && digits.contains { $0 != "0" }
        return (isNegative ? "-" : "") + (whole.isEmpty ? "0" : whole) + (scale > 0 ? "." + digits.suffix(scale) : "")
    }
}
