import Foundation

/// Numbers for people.
enum Numbers {
    /// Writes `1 234 567`.
    static func count(_ number: Int) -> String {
        let digits = Array(String(abs(number)))
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text += "\u{202F}" }
            text.append(digit)
        }
        return number < 0 ? "-" + text : text
    }

    /// Writes `0.4 s`, `12 s`, `3:07`, `2:14:09`.
    static func duration(_ duration: Duration) -> String {
        let seconds = duration / .seconds(1)
        if seconds < 10 { return String(format: "%.1f s", seconds) }
        if seconds < 60 { return String(format: "%.0f s", seconds) }
        let whole = Int(seconds.rounded())
        let (hours, minutes, rest) = (whole / 3_600, whole / 60 % 60, whole % 60)
        return hours > 0
            ? String(format: "%d:%02d:%02d", hours, minutes, rest) : String(format: "%d:%02d", minutes, rest)
    }

    /// Writes `512 B`, `3.4 kB`, `12 MB`.
    static func bytes(_ number: Int) -> String {
        var (size, units) = (Double(number), ["B", "kB", "MB", "GB", "TB"])
        while size >= 1_000, units.count > 1 {
            size /= 1_000
            units.removeFirst()
        }
        let isSmall = size < 10 && units[0] != "B"
        return String(format: isSmall ? "%.1f \(units[0])" : "%.0f \(units[0])", size)
    }

    /// Writes `1 row`, `2 rows`.
    static func rows(_ number: Int) -> String { number == 1 ? "1 row" : "\(count(number)) rows" }
}
