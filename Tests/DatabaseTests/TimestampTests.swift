import Database
import Foundation
import Testing

@Suite("Timestamps")
struct TimestampTests {
    private static let calendar: Calendar = {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        return calendar
    }()

    /// The same text, by Foundation's calendar.
    private func reference(_ date: Date) -> String {
        let parts = Self.calendar.dateComponents([.year, .month, .day, .hour, .minute, .second], from: date)
        let numbers = [parts.year, parts.month, parts.day, parts.hour, parts.minute, parts.second].map { $0 ?? -1 }
        return String(
            format: "%04d-%02d-%02d %02d:%02d:%02d",
            arguments: numbers
        )
    }

    @Test func randomInstantsAgreeWithFoundationsCalendar() throws {
        // Foundation's calendar is Julian before 1582.
        var random = SplitMix(state: 20_240_131)
        for _ in 0..<5_000 {
            let seconds = Int64.random(in: -12_000_000_000...253_402_300_799, using: &random)
            let date = Date(timeIntervalSince1970: Double(seconds))
            let text = Timestamp.format(date)
            #expect(text == reference(date))
            #expect(Timestamp.parse(text) == date)
        }
    }

    /// From 1865 to 2137: outside, a `Date` itself is no longer exact to the microsecond.
    @Test func randomFractionsComeBackToTheMicrosecond() throws {
        var random = SplitMix(state: 7)
        for _ in 0..<5_000 {
            let microseconds = Int64.random(in: -4_294_967_295_000_000...4_294_967_295_000_000, using: &random)
            let text = Timestamp.format(Date(timeIntervalSinceReferenceDate: Double(microseconds) / 1_000_000))
            let read = try #require(Timestamp.parse(text))
            #expect(Int64((read.timeIntervalSinceReferenceDate * 1_000_000).rounded()) == microseconds, "\(text)")
            #expect(Timestamp.format(read) == text)
        }
    }

    @Test(
        "instants are written in their shortest form",
        arguments: [
            (0, "1970-01-01 00:00:00"), (0.5, "1970-01-01 00:00:00.500"), (-0.001, "1969-12-31 23:59:59.999"),
            (0.000_001, "1970-01-01 00:00:00.000001"), (951_827_696.12, "2000-02-29 12:34:56.120"),
            (0.000_000_4, "1970-01-01 00:00:00"), (0.999_999_6, "1970-01-01 00:00:01"),
            (-62_135_596_800, "0001-01-01 00:00:00"), (253_402_300_799, "9999-12-31 23:59:59"),
            (-1e20, "0001-01-01 00:00:00"), (1e20, "9999-12-31 23:59:59.999999"),
        ] as [(Double, String)]
    )
    func written(_ seconds: Double, _ text: String) {
        #expect(Timestamp.format(Date(timeIntervalSince1970: seconds)) == text)
    }

    @Test(
        "instants of all years are written",
        arguments: [
            (.min, "290309-12-21 19:59:05.224192 BC"), (.max, "294247-01-10 04:00:54.775807"),
            (-62_135_596_800_000_001, "0001-12-31 23:59:59.999999 BC"),
            (-62_135_596_800_000_000, "0001-01-01 00:00:00"),
            (575_409_398_400_000_000, "20204-01-01 00:00:00"),
        ] as [(Int64, String)]
    )
    func writtenOfAnyYear(_ microseconds: Int64, _ text: String) {
        #expect(Timestamp.format(microseconds: microseconds) == text)
        // A `Date` is not that exact, but there is one.
        let date = Timestamp.date(microseconds: microseconds)
        #expect(abs(date.timeIntervalSince1970 - Double(microseconds) / 1_000_000) < 1_000_000_000)
    }

    @Test(
        "the usual forms are read",
        arguments: [
            ("2024-01-31", 1_706_659_200), ("2024-01-31 23:59", 1_706_745_540), ("2024-01-31T23:59:59", 1_706_745_599),
            ("2024-01-31 23:59:59.5", 1_706_745_599.5), ("2024-01-31T23:59:59Z", 1_706_745_599),
            ("2024-01-31T23:59:59.25+02:00", 1_706_738_399.25), ("2024-01-31 23:59:59 -0130", 1_706_750_999),
            ("2024-01-31 23:59:59+05", 1_706_727_599), ("2024-02-29", 1_709_164_800), ("2000-02-29", 951_782_400),
            ("1969-12-31 23:59:59", -1), ("2024-01-31 23:59:59.123456789", 1_706_745_599.123_456_789),
        ] as [(String, Double)]
    )
    func read(_ text: String, _ seconds: Double) throws {
        let date = try #require(Timestamp.parse(text))
        #expect(abs(date.timeIntervalSince1970 - seconds) < 0.000_001)
    }

    @Test(
        "what is no instant is refused",
        arguments: [
            "", " ", "x", "2024", "2024-01", "2023-02-29", "1900-02-29", "2100-02-29", "2024-02-30", "2024-04-31",
            "2024-13-01", "2024-00-10", "2024-01-00", "2024-01-32", "24-01-31", "2024-1-31", "2024/01/31", "31.01.2024",
            "2024-01-31 24:00", "2024-01-31 24:00:00", "2024-01-31 23:60", "2024-01-31 23:59:60", "2024-01-31 2:00",
            "2024-01-31 23", "2024-01-31 23:59:", "2024-01-31 23:59:59.", "2024-01-31 23:59:59.1234567890",
            "2024-01-31 ", "2024-01-31 23:59:59 ", " 2024-01-31", "2024-01-31x", "2024-01-31 23:59:59x",
            "2024-01-31 23:59:59ZZ", "2024-01-31 23:59:59 Z ", "2024-01-31 23:59:59+", "2024-01-31 23:59:59+2",
            "2024-01-31 23:59:59+24:00", "2024-01-31 23:59:59+02:60", "2024-01-31 23:59:59+02:0",
            "2024-01-31 23:59:59 CET", "-2024-01-31", "２０２４-01-31", "2024-01-31  23:59:59", "2024-01-31\n",
            "9223372036854775807-01-01",
        ]
    )
    func refused(_ text: String) { #expect(Timestamp.parse(text) == nil) }

    @Test func eachDayOfFourCenturiesFollowsTheLast() throws {
        var expected = try #require(Timestamp.days(year: 1999, month: 12, day: 31))
        for year in Int64(2000)..<2400 {
            for month in Int64(1)...12 {
                for day in Int64(1)...31 {
                    guard let days = Timestamp.days(year: year, month: month, day: day) else {
                        #expect(day > 28)
                        continue
                    }
                    expected += 1
                    if days != expected { Issue.record("\(year)-\(month)-\(day) is day \(days), not \(expected)") }
                }
            }
        }
        #expect(expected == Timestamp.days(year: 2399, month: 12, day: 31))
    }
}

/// Random numbers that are the same in every run.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
