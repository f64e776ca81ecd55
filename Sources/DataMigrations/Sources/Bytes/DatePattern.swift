import Database
import Foundation

/// A pattern such as `dd.MM.yyyy HH:mm`, taken apart once.
struct DatePattern: Sendable, Hashable {
    private enum Part: Hashable {
        case literal(UInt8)
        case number(Field, minimum: Int, maximum: Int)
        case fraction(digits: Int)
        case halfDay
        case zone
    }

    private enum Field: Int {
        case year, month, day, hour, hourOfHalf, minute, second
    }

    private var parts: [Part] = []

    /// `nil` if the pattern has letters that are not known, a field twice, or no date.
    init?(_ pattern: String) {
        let bytes = Array(pattern.utf8)
        var letters: Set<UInt8> = []
        var index = 0
        while index < bytes.count {
            let letter = bytes[index]
            var end = index + 1
            if letter == Self.quote {
                guard let literal = Self.literal(bytes, &end) else { return nil }
                parts += literal.map(Part.literal)
            } else if letter & 0xdf >= UInt8(ascii: "A") && letter & 0xdf <= UInt8(ascii: "Z") {
                while end < bytes.count, bytes[end] == letter { end += 1 }
                guard letters.insert(letter).inserted, let part = Self.part(letter, count: end - index) else {
                    return nil
                }
                parts.append(part)
            } else {
                parts.append(.literal(letter))
            }
            index = end
        }
        guard isComplete else { return nil }
    }

    private static let quote = UInt8(ascii: "'")

    /// The letters up to the closing quote, and goes behind it; `nil` if there is none.
    ///
    /// Two quotes stand for one, by themselves and between others.
    private static func literal(_ bytes: [UInt8], _ place: inout Int) -> [UInt8]? {
        let start = place
        var letters: [UInt8] = []
        while place < bytes.count {
            let byte = bytes[place]
            place += 1
            if byte == quote {
                if place - 1 == start { return [quote] }
                guard place < bytes.count, bytes[place] == quote else { return letters }
                place += 1
            }
            letters.append(byte)
        }
        return nil
    }

    private static func part(_ letter: UInt8, count: Int) -> Part? {
        switch (Character(Unicode.Scalar(letter)), count) {
        case ("y", 4): .number(.year, minimum: 4, maximum: 4)
        case ("M", 1...2): .number(.month, minimum: count, maximum: 2)
        case ("d", 1...2): .number(.day, minimum: count, maximum: 2)
        case ("H", 1...2): .number(.hour, minimum: count, maximum: 2)
        case ("h", 1...2): .number(.hourOfHalf, minimum: count, maximum: 2)
        case ("m", 2): .number(.minute, minimum: 2, maximum: 2)
        case ("s", 2): .number(.second, minimum: 2, maximum: 2)
        case ("S", 1...9): .fraction(digits: count)
        case ("a", 1): .halfDay
        case ("Z", 1...): .zone
        default: nil
        }
    }

    private var isComplete: Bool {
        let has = Set(parts.compactMap { if case .number(let field, _, _) = $0 { field } else { nil } })
        return has.isSuperset(of: [.year, .month, .day])
            && has.contains(.hourOfHalf) == parts.contains(.halfDay)
            && !(has.contains(.hour) && has.contains(.hourOfHalf))
    }

    /// Reads a date that has exactly this form.
    func date(_ bytes: UnsafeRawBufferPointer) -> Date? {
        var scan = Scan(bytes: bytes)
        var numbers: [Int64] = [0, 0, 0, 0, 12, 0, 0]
        var fraction = 0.0
        var offset: Int64 = 0
        var isAfternoon = false
        for part in parts {
            switch part {
            case .literal(let byte):
                guard scan.skip(byte) else { return nil }
            case .number(let field, let minimum, let maximum):
                guard let number = scan.number(minimum, maximum) else { return nil }
                numbers[field.rawValue] = number
            case .fraction(let digits):
                guard let number = scan.number(digits, digits) else { return nil }
                fraction = Double(number) / pow(10, Double(digits))
            case .halfDay:
                guard let half = scan.halfDay() else { return nil }
                isAfternoon = half
            case .zone:
                guard let east = scan.zone() else { return nil }
                offset = east
            }
        }
        guard scan.isAtEnd, let days = Timestamp.days(year: numbers[0], month: numbers[1], day: numbers[2]),
            numbers[3] < 24, (1...12).contains(numbers[4]), numbers[5] < 60, numbers[6] < 60
        else { return nil }
        let hour = numbers[3] + numbers[4] % 12 + (isAfternoon ? 12 : 0)
        let seconds = days * 86_400 + hour * 3_600 + numbers[5] * 60 + numbers[6] - offset
        return Date(timeIntervalSince1970: Double(seconds) + fraction)
    }
}

/// Walks over the bytes of a date.
private struct Scan {
    let bytes: UnsafeRawBufferPointer
    var position = 0

    var isAtEnd: Bool { position == bytes.count }

    mutating func skip(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    mutating func number(_ minimum: Int, _ maximum: Int) -> Int64? {
        var (number, count): (Int64, Int) = (0, 0)
        while count < maximum, position < bytes.count, case let digit = bytes[position] &- UInt8(ascii: "0"), digit < 10
        {
            number = number * 10 + Int64(digit)
            position += 1
            count += 1
        }
        return count < minimum ? nil : number
    }

    mutating func halfDay() -> Bool? {
        guard position + 2 <= bytes.count, bytes[position + 1] & 0xdf == UInt8(ascii: "M") else { return nil }
        let letter = bytes[position] & 0xdf
        position += 2
        return letter == UInt8(ascii: "P") ? true : letter == UInt8(ascii: "A") ? false : nil
    }

    /// Seconds east of UTC.
    mutating func zone() -> Int64? {
        if skip(UInt8(ascii: "Z")) { return 0 }
        let isWest = skip(UInt8(ascii: "-"))
        guard isWest || skip(UInt8(ascii: "+")), let hours = number(2, 2), hours < 24 else { return nil }
        _ = skip(UInt8(ascii: ":"))
        guard let minutes = number(2, 2), minutes < 60 else { return nil }
        return (isWest ? -1 : 1) * (hours * 3_600 + minutes * 60)
    }
}
