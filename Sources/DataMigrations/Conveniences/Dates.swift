public import Foundation

/// Dates relative to another one, for conditions such as `created_at < \(Date.now.years(-2))`.
extension Date {
    /// The same day, so many years later; earlier for a negative number.
    ///
    /// In UTC, where days have no gaps.
    public func years(_ count: Int) -> Date { adding(.year, count) }

    /// The same day, so many months later; earlier for a negative number.
    public func months(_ count: Int) -> Date { adding(.month, count) }

    /// The same time, so many days later; earlier for a negative number.
    public func days(_ count: Int) -> Date { addingTimeInterval(Double(count) * 86_400) }

    private func adding(_ unit: Calendar.Component, _ count: Int) -> Date {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        return calendar.date(byAdding: unit, value: count, to: self) ?? self
    }
}
