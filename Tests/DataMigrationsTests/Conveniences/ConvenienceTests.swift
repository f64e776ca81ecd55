import DataMigrations
import Foundation
import Testing

@Suite struct ConvenienceTests {
    @Test(arguments: [
        ("Zoë O'Brien, Jr.", "zoe-o-brien-jr"), ("  Ada  Lovelace ", "ada-lovelace"), ("Søren Łuczak", "soren-luczak"),
        ("Straße 7", "strasse-7"), ("日本", ""), ("", ""), ("--A--", "a"), ("ÀÉÎ", "aei"),
    ])
    func aSlugHoldsPlainLettersDigitsAndSingleDashes(text: String, slug: String) {
        #expect(slugify(text) == slug)
    }

    @Test func datesMoveByTheCalendar() {
        let leap = Timestamp.parse("2024-02-29 12:00:00") ?? .distantPast
        #expect(Timestamp.format(leap.years(-2)) == "2022-02-28 12:00:00")
        #expect(Timestamp.format(leap.months(1)) == "2024-03-29 12:00:00")
        #expect(Timestamp.format(leap.days(1)) == "2024-03-01 12:00:00")
    }

    @Test func blanksAreOnlyTakenOffTheEnds() { #expect("\t a b \n".trimmingWhitespace() == "a b") }
}
