import TestSupport

/// Days as databases write them.
enum CalendarText {
    /// A number with zeros before it.
    static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    /// A day of the years 1 to 9999, of which some are near each other.
    static func day(using random: inout SplitMix) -> String {
        let known = random.pick([1, 1582, 1700, 1864, 1865, 1969, 1970, 2000, 2024, 2106, 2137, 2138, 9999])
        let year = random.chance(70) ? known : 1 + random.below(9_999)
        let month = random.chance(50) ? 12 : 1 + random.below(12)
        let day = 1 + random.below(28)
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
    }
}
