import Foundation
import Testing

@testable import DataMigrations

struct DateFormatTests {
    private func seconds(_ text: String, _ pattern: String) -> Double? {
        DateFormats([.pattern(pattern)]).date(text)?.timeIntervalSince1970
    }

    @Test func `a pattern reads exactly its form`() {
        #expect(seconds("29.02.2024 07:05", "dd.MM.yyyy HH:mm") == 1_709_190_300)
        #expect(seconds("2/9/2024", "M/d/yyyy") == 1_707_436_800)
        #expect(seconds("02/09/2024 12:00 AM", "MM/dd/yyyy hh:mm a") == 1_707_436_800)
        #expect(seconds("02/09/2024 12:30 pm", "MM/dd/yyyy hh:mm a") == 1_707_481_800)
        #expect(seconds("20240209T010203.250+0130", "yyyyMMdd'T'HHmmss.SSSZ") == 1_707_435_123.25)
        #expect(seconds("2024-02-09 um 3", "yyyy-MM-dd 'um' H") == 1_707_447_600)
        #expect(seconds("2024-02-09 3 o'clock", "yyyy-MM-dd H 'o''clock'") == 1_707_447_600)
        #expect(seconds("''2024-02-09'", "''''yyyy-MM-dd''") == 1_707_436_800)
        for wrong in [
            "29.02.2023 07:05", "29.2.2024 07:05", "29.02.2024 24:00", "29.02.2024 07:60", "29.02.2024 07:05 ",
            "29.02.2024", " 29.02.2024 07:05", "29.13.2024 07:05", "", "2024-02-29",
        ] {
            #expect(seconds(wrong, "dd.MM.yyyy HH:mm") == nil, "\(wrong)")
        }
    }

    @Test func `several formats are tried in turn`() {
        let formats = DateFormats([.iso8601, .pattern("dd.MM.yyyy"), .unixSeconds])
        #expect(formats.date("1970-01-02")?.timeIntervalSince1970 == 86_400)
        #expect(formats.date("02.01.1970")?.timeIntervalSince1970 == 86_400)
        #expect(formats.date("86400.5")?.timeIntervalSince1970 == 86_400.5)
        #expect(formats.date("nan") == nil)
        #expect(formats.date("0x10") == nil)
    }

    @Test(arguments: [
        "yyyy-QQ-dd", "HH:mm", "yyyy-MM-dd dd", "dd.MM.yy", "dd.MM.yyyy 'x", "dd.MM.yyyy hh:mm", "MM/dd/yyyy HH a",
        "yyyy-MM-dd Z Z", "yyyy-MM-dd HH:mm:ss.SSS SSS", "yyyy-MM-dd h a a", "dd.MM.yyyy 'x''",
    ])
    func `a pattern that is not understood is refused when the file is opened`(pattern: String) async throws {
        struct Day: Decodable, Sendable { var day: Date }
        let file = try TemporaryFile("day\n2024-01-01\n")
        let failure = await CSVFile<Day>(file.path, dates: .pattern(pattern)).failure()
        #expect(
            failure
                == "\(file.path): the date pattern \"\(pattern)\" is not understood: it takes yyyy MM dd HH mm ss SSS a Z"
        )
    }

    @Test func `dates of a CSV file are read by its formats`() async throws {
        struct Day: Decodable, Sendable { var day: Date? }
        let file = try TemporaryFile("day\n01.02.1970\n1970-02-01\n2.1.1970\n\"\"\n")
        let all = try await CSVFile<Day>(file.path, dates: .iso8601, .pattern("dd.MM.yyyy")).everything()
        #expect(all.rows.map { $0.day?.timeIntervalSince1970 } == [2_678_400, 2_678_400])
        #expect(all.problems == ["line 4: column day is not a date", "line 5: column day is not a date"])
    }
}
