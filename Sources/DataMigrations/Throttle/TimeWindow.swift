public import Foundation

/// Some hours of each day, such as `01:00-05:00` or, over midnight, `22:30-04:00`.
public struct TimeWindow: Sendable, Hashable, CustomStringConvertible {
    /// Minutes after midnight.
    let start: Int
    let end: Int
    /// Where it is that time.
    let zone: TimeZone

    /// Reads a window; `nil` if it is none, or would be empty.
    ///
    /// - Parameters:
    ///   - text: two times of day, `hh:mm-hh:mm`; the second one is not part of the window.
    ///   - zone: where it is that time.
    public init?(_ text: String, zone: TimeZone = .current) {
        let day = 24 * 60
        let times = text.split(separator: "-", omittingEmptySubsequences: false).map(Self.minutes)
        guard times.count == 2, let start = times[0], let end = times[1], start % day != end else { return nil }
        self.start = start % day
        self.end = end
        self.zone = zone
    }

    /// Whether an instant is in the window.
    ///
    /// - Parameter milliseconds: since 1970.
    /// - Returns: whether it is.
    func contains(_ milliseconds: Int64) -> Bool {
        let seconds = milliseconds / 1_000
        let offset = zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(seconds)))
        let day: Int64 = 24 * 60 * 60
        let minute = Int(((seconds + Int64(offset)) % day + day) % day) / 60
        return start < end ? (start..<end).contains(minute) : minute >= start || minute < end
    }

    /// As it was written.
    public var description: String { "\(Self.text(start))-\(Self.text(end))" }

    /// 24:00 is the end of the day.
    private static func minutes(_ text: Substring) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.count == 2 && $0.allSatisfy(\.isNumber) }),
            let hours = Int(parts[0]), let minutes = Int(parts[1]), minutes < 60, hours * 60 + minutes <= 24 * 60
        else { return nil }
        return hours * 60 + minutes
    }

    private static func text(_ minutes: Int) -> String {
        let (hours, rest) = minutes.quotientAndRemainder(dividingBy: 60)
        return "\(hours < 10 ? "0" : "")\(hours):\(rest < 10 ? "0" : "")\(rest)"
    }
}
