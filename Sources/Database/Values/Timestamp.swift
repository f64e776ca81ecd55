public import Foundation

/// Reads and writes `2024-01-31 23:59:59.123456`: the text form of an instant that SQL databases share.
///
/// Foundation's formatters cost microseconds a value; a batch holds thousands. The calendar arithmetic is Howard
/// Hinnant's `days_from_civil` and `civil_from_days` (http://howardhinnant.github.io/date_algorithms.html).
public enum Timestamp {
    /// The text of `date` in UTC.
    ///
    /// The fraction is left out where it is zero, so that a whole second reads, compares and sorts like the database's
    /// own `CURRENT_TIMESTAMP`.
    public static func format(_ date: Date) -> String {
        // A `Date` counts from 2001. To count from there, too, keeps every microsecond from 1865 to 2137.
        let microseconds = (date.timeIntervalSinceReferenceDate * 1_000_000).rounded()
        // Outside of the years that the text form can hold, clamp rather than trap.
        let since2001 = Int64(max(-1e18, min(1e18, microseconds)))
        let (first, last): (Int64, Int64) = (-63_113_904_000_000_000, 252_423_993_599_999_999)
        return format(microseconds: max(first, min(last, since2001)) + secondsTo2001 * 1_000_000)
    }

    /// The text of the instant so many microseconds after 1970, in UTC.
    ///
    /// Years before 1 are written as PostgreSQL writes them: `0044-03-15 12:00:00 BC`.
    public static func format(microseconds: Int64) -> String { format(microseconds: microseconds, zone: "") }

    /// The text of the day so many days after 1970-01-01.
    package static func format(day: Int64) -> String {
        var text = ""
        let isBeforeChrist = append(day: day, to: &text)
        return isBeforeChrist ? text + " BC" : text
    }

    /// Writes the date of a day.
    ///
    /// - Returns: whether its year is one before the year 1.
    private static func append(day: Int64, to text: inout String) -> Bool {
        let (year, month, day) = civil(fromDays: day)
        append(year < 1 ? 1 - year : year, digits: 4, to: &text)
        text += "-"
        append(month, digits: 2, to: &text)
        text += "-"
        append(day, digits: 2, to: &text)
        return year < 1
    }

    /// The text of an instant in UTC, with a zone behind it.
    ///
    /// - Parameters:
    ///   - total: microseconds after a day.
    ///   - day: the day, counted from 1970-01-01.
    ///   - zone: what says that it is in UTC.
    /// - Returns: the text.
    package static func format(microseconds total: Int64, sinceDay day: Int64 = 0, zone: String) -> String {
        let (seconds, fraction) = flooredDivision(total, 1_000_000)
        let (days, secondOfDay) = flooredDivision(seconds, 86_400)
        var text = ""
        text.reserveCapacity(26)
        let isBeforeChrist = append(day: day + days, to: &text)
        text += " "
        append(secondOfDay / 3_600, digits: 2, to: &text)
        text += ":"
        append(secondOfDay / 60 % 60, digits: 2, to: &text)
        text += ":"
        append(secondOfDay % 60, digits: 2, to: &text)
        if fraction != 0 {
            text += "."
            if fraction % 1_000 == 0 {
                append(fraction / 1_000, digits: 3, to: &text)
            } else {
                append(fraction, digits: 6, to: &text)
            }
        }
        text += zone
        return isBeforeChrist ? text + " BC" : text
    }

    /// Reads `2024-01-31`, `2024-01-31 23:59`, `2024-01-31T23:59:59.123Z`, `… +02:00`, strictly: each field must be in
    /// its range, and the day must exist in its month.
    ///
    /// Without a zone, the text is taken as UTC.
    public static func parse(_ text: String) -> Date? {
        var text = text
        return text.withUTF8 { parse(UnsafeRawBufferPointer($0)) }
    }

    /// Reads UTF-8 bytes like ``parse(_:)-(String)``.
    public static func parse(_ bytes: UnsafeRawBufferPointer) -> Date? {
        var scanner = Scanner(bytes: bytes)
        guard let year = scanner.digits(4), scanner.skip("-"), let month = scanner.digits(2), scanner.skip("-"),
            let day = scanner.digits(2), let days = days(year: year, month: month, day: day)
        else { return nil }
        var (seconds, fraction) = (days * 86_400 - secondsTo2001, 0.0)
        if scanner.isAtEnd { return Date(timeIntervalSinceReferenceDate: Double(seconds)) }
        guard scanner.skip(" ") || scanner.skip("T"), let hour = scanner.digits(2), hour < 24, scanner.skip(":"),
            let minute = scanner.digits(2), minute < 60
        else { return nil }
        seconds += hour * 3_600 + minute * 60
        if scanner.skip(":") {
            guard let second = scanner.digits(2), second < 60 else { return nil }
            seconds += second
            if scanner.skip(".") {
                guard let digits = scanner.fraction() else { return nil }
                fraction = digits
            }
        }
        guard let offset = scanner.zone(), scanner.isAtEnd else { return nil }
        return Date(timeIntervalSinceReferenceDate: Double(seconds - offset) + fraction)
    }

    /// The instant so many microseconds after 1970.
    public static func date(microseconds: Int64) -> Date {
        // A `Date` counts from 2001: from there, every microsecond from 1865 to 2137 is kept.
        let (since2001, overflow) = microseconds.subtractingReportingOverflow(secondsTo2001 * 1_000_000)
        // Some 290 000 years ago, a `Date` does not keep 31 years.
        return Date(timeIntervalSinceReferenceDate: Double(overflow ? microseconds : since2001) / 1_000_000)
    }

    /// Microseconds since 1970, rounded; `nil` beyond some 290 000 years.
    public static func microseconds(of date: Date) -> Int64? {
        let microseconds = (date.timeIntervalSinceReferenceDate * 1_000_000).rounded()
        return Int64(exactly: microseconds).flatMap {
            let (sum, overflow) = $0.addingReportingOverflow(secondsTo2001 * 1_000_000)
            return overflow ? nil : sum
        }
    }

    /// From 1970-01-01 to 2001-01-01.
    private static let secondsTo2001: Int64 = 978_307_200

    /// Days from 1970-01-01 to a date of the Gregorian calendar; `nil` if there is no such day.
    public static func days(year: Int64, month: Int64, day: Int64) -> Int64? {
        guard (1...12).contains(month), day >= 1, day <= daysInMonth(year: year, month: month) else { return nil }
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    private static func daysInMonth(year: Int64, month: Int64) -> Int64 {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private static func civil(fromDays days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
    }

    private static func flooredDivision(_ value: Int64, _ divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = value.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }

    private static func append(_ number: Int64, digits: Int, to text: inout String) {
        let decimal = String(number)
        for _ in decimal.utf8.count..<max(digits, decimal.utf8.count) { text += "0" }
        text += decimal
    }
}

/// Walks over the bytes of a date.
private struct Scanner {
    let bytes: UnsafeRawBufferPointer
    var position = 0

    var isAtEnd: Bool { position == bytes.count }

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    mutating func digits(_ count: Int) -> Int64? {
        guard position + count <= bytes.count else { return nil }
        var number: Int64 = 0
        for offset in position..<position + count {
            let digit = bytes[offset] &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            number = number * 10 + Int64(digit)
        }
        position += count
        return number
    }

    /// One to nine digits behind the point.
    mutating func fraction() -> Double? {
        var (number, scale, count) = (0.0, 1.0, 0)
        while count < 9, let digit = digits(1) {
            number = number * 10 + Double(digit)
            scale *= 10
            count += 1
        }
        return count == 0 ? nil : number / scale
    }

    /// Seconds east of UTC; none given is UTC.
    mutating func zone() -> Int64? {
        if isAtEnd || skip("Z") { return 0 }
        _ = skip(" ")
        let sign: Int64 = skip("-") ? -1 : 1
        guard sign == -1 || skip("+"), let hours = digits(2), hours < 24 else { return nil }
        var minutes: Int64 = 0
        if !isAtEnd {
            _ = skip(":")
            guard let given = digits(2), given < 60 else { return nil }
            minutes = given
        }
        return sign * (hours * 3_600 + minutes * 60)
    }
}
