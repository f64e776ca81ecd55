import Foundation
import Testing

@testable import DataMigrations

@Suite struct TimeWindowTests {
    private static let berlin = "Europe/Berlin"

    /// Milliseconds since 1970 of a time in UTC.
    private func time(_ text: String) throws -> Int64 {
        let date = try Date(text, strategy: .iso8601)
        return Int64(date.timeIntervalSince1970 * 1_000)
    }

    private func window(_ text: String, _ zone: String = "UTC") throws -> TimeWindow {
        let zone = try #require(TimeZone(identifier: zone))
        return try #require(TimeWindow(text, zone: zone))
    }

    @Test(arguments: [
        "", "-", "1:00-2:00", "01:00", "01:00-", "-02:00", "01:00-01:00", "01:60-02:00", "24:01-02:00", "01:00-25:00",
        "01:00-02:00-03:00", "0100-0200", "01:00 - 02:00", "aa:bb-cc:dd", "-1:00-02:00", "01:00:00-02:00:00",
        "24:00-00:00", "00:00-00:00", "+1:00-02:00",
    ])
    func whatIsNoWindowIsRefused(_ text: String) { #expect(TimeWindow(text) == nil) }

    @Test(arguments: ["01:00-05:00", "22:30-04:00", "00:00-24:00", "20:00-24:00"])
    func itIsWrittenAsItIsRead(_ text: String) throws {
        #expect(try window(text).description == text)
    }

    @Test func theFirstMinuteIsPartOfItAndTheLastIsNot() throws {
        let window = try window("01:00-05:00")
        for (text, isIn) in [
            ("00:59:59", false), ("01:00:00", true), ("04:59:59", true), ("05:00:00", false), ("23:00:00", false),
        ] {
            try #expect(window.contains(time("2024-06-01T\(text)Z")) == isIn, "\(text)")
        }
    }

    @Test func itMayGoOverMidnight() throws {
        let window = try window("22:30-04:00")
        for (text, isIn) in [
            ("22:29:59", false), ("22:30:00", true), ("23:59:59", true), ("00:00:00", true), ("03:59:59", true),
            ("04:00:00", false), ("12:00:00", false),
        ] {
            try #expect(window.contains(time("2024-06-01T\(text)Z")) == isIn, "\(text)")
        }
    }

    @Test func theDayEndsAt24() throws {
        try #expect(window("20:00-24:00").contains(time("2024-06-01T23:59:59Z")))
        try #expect(!window("20:00-24:00").contains(time("2024-06-02T00:00:00Z")))
        try #expect(window("24:00-05:00").contains(time("2024-06-02T00:00:00Z")))
        for hour in 0..<24 {
            try #expect(window("00:00-24:00").contains(time("2024-06-01T\(hour < 10 ? "0" : "")\(hour):30:00Z")))
        }
    }

    @Test func timesBefore1970HaveTheirHoursToo() throws {
        try #expect(window("01:00-05:00").contains(time("1969-12-31T02:00:00Z")))
        try #expect(!window("01:00-05:00").contains(time("1969-12-31T12:00:00Z")))
    }

    @Test func itIsTheTimeOfTheZoneInSummerAndInWinter() throws {
        let window = try window("01:00-05:00", Self.berlin)
        // UTC+1 in winter, UTC+2 in summer.
        try #expect(window.contains(time("2024-01-15T00:00:00Z")))
        try #expect(!window.contains(time("2024-01-15T04:00:00Z")))
        try #expect(window.contains(time("2024-07-14T23:00:00Z")))
        try #expect(!window.contains(time("2024-07-15T03:00:00Z")))
    }

    @Test func onTheDaysOfTheChangeItIsAnHourShorterOrLonger() throws {
        func minutes(_ day: String) throws -> Int {
            let window = try window("01:00-05:00", Self.berlin)
            let start = try time("\(day)T00:00:00Z") - 12 * 3_600_000
            return (0..<(24 * 60)).count { window.contains(start + Int64($0) * 60_000) }
        }
        #expect(try minutes("2024-03-30") == 240)
        #expect(try minutes("2024-03-31") == 180)
        #expect(try minutes("2024-10-27") == 300)
    }
}
