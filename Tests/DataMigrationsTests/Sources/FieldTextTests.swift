import Testing

@testable import DataMigrations

struct FieldTextTests {
    @Test func `whole numbers are read from text as Swift reads them`() async throws {
        struct Small: Decodable, Sendable { var n: Int8 }
        struct Large: Decodable, Sendable { var n: UInt64 }
        let texts = [
            "0", "-0", "+5", "127", "128", "-128", "-129", "007", "+", "-", "1 ", "1.0", "--1", "0x1", "٣",
            "18446744073709551615", "18446744073709551616", "999999999999999999", "1000000000000000000", "-1",
        ]
        let file = try TemporaryFile("n\n" + texts.joined(separator: "\n"))
        #expect(try await CSVFile<Small>(file.path).everything().rows.map(\.n) == texts.compactMap { Int8($0) })
        #expect(try await CSVFile<Large>(file.path).everything().rows.map(\.n) == texts.compactMap { UInt64($0) })
    }

    @Test func `Booleans are read from what people write`() async throws {
        struct Flag: Decodable, Sendable { var f: Bool }
        let file = try TemporaryFile("f\n1\nYES\nt\n0\noff\nN\n2\nmaybe\n")
        let all = try await CSVFile<Flag>(file.path).everything()
        #expect(all.rows.map(\.f) == [true, true, true, false, false, false])
        #expect(all.malformed.count == 2)
    }
}
