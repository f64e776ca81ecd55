import Database
import Foundation
import Testing

@testable import PostgresDriver

/// Fields as bytes, without a server: those that it never sends are refused, and do no harm.
@Suite struct FieldBytesTests {
    private func value(_ bytes: [UInt8], _ form: FieldForm) -> Value? {
        var rows = Rows(columns: ["field"])
        let isField = bytes.withUnsafeBytes { rows.append($0, as: form) }
        // No `?:`, whose `nil` would be a value, SQL's NULL.
        guard isField else { return nil }
        return rows.value(row: 0, column: 0)
    }

    private func isRefused(_ bytes: [UInt8], _ form: FieldForm) -> Bool { value(bytes, form) == .none }

    private func bytes(_ integer: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: integer.bigEndian) { Array($0) }
    }

    @Test(arguments: [
        FieldForm.int2, .int4, .int8, .uint32, .float4, .float8, .bool, .uuid, .timestamp, .date, .numeric, .array,
    ])
    func bytesThatAreNoFieldAreRefused(form: FieldForm) {
        for count in [0, 3, 5, 7, 9, 15, 17] { #expect(isRefused(Array(repeating: 1, count: count), form)) }
    }

    @Test func aDocumentOfAnotherVersionIsRefused() {
        #expect(isRefused([], .jsonb))
        #expect(isRefused([2] + Array("{}".utf8), .jsonb))
        #expect(value([1] + Array("{}".utf8), .jsonb) == "{}")
    }

    @Test func aNumberOfWrongGroupsIsRefused() {
        let heads: [[Int16]] = [
            [1, 0, 0, 0], [2, 0, 0, 0, 1], [-1, 0, 0, 0], [1, 0, 0, 0, 10_000], [1, 0, 0, 0, -1], [1, 0, 1, 0, 1],
            [1, 0, 0, -1, 1], [1, 0, 0, 16_384, 1],
        ]
        for head in heads { #expect(isRefused(head.flatMap { bytes($0) }, .numeric), "\(head)") }
        #expect(value(([1, 0, 0, 2, 7] as [Int16]).flatMap { bytes($0) }, .numeric) == "7.00")
    }

    @Test func anArrayOfWrongLengthsIsRefused() {
        let int4 = Int32(TypeID.int4)
        let wrong: [[Int32]] = [
            // No dimension more than six, none that is empty or larger than the bytes, none of a type that is not known.
            [7, 0, int4], [-1, 0, int4], [1, 0, int4], [1, 0, int4, 0, 1], [1, 0, int4, -1, 1], [1, 0, int4, .max, 1],
            [2, 0, int4, .max, 1, .max, 1], [2, 0, int4, .max, 1, 0, 1], [1, 0, 1, 1, 1, 4, 7],
            // No element that ends behind the bytes, or before they do.
            [1, 0, int4, 1, 1, 8, 7], [1, 0, int4, 1, 1, -2, 7], [1, 0, int4, 1, 1, 4, 7, 7],
            [1, 0, int4, 1, 1, .max, 7],
            [1, 0, int4, 1, 1, 2, 7],
        ]
        for integers in wrong { #expect(isRefused(integers.flatMap { bytes($0) }, .array), "\(integers)") }
        let right: [Int32] = [2, 1, int4, 1, 1, 2, 1, 4, 7, -1]
        #expect(value(right.flatMap { bytes($0) }, .array) == "[[7,null]]")
    }

    /// Days and microseconds since 2000, as the server counts them.
    @Test func datesOfAllYearsThatTheServerKnowsAreRead() {
        #expect(value(bytes(Int32(2_145_031_948)), .date) == "5874897-12-31")
        #expect(value(bytes(Int32(6_648_874)), .date) == "20204-01-01")
        #expect(value(bytes(Int32(-746_148)), .date) == "0044-02-12 BC")
        #expect(value(bytes(Int32(-730_120)), .date) == "0001-12-31 BC")
        #expect(value(bytes(Int32(-730_119)), .date) == "0001-01-01")
        #expect(value(bytes(Int32(-2_451_545)), .date) == "4714-11-24 BC")
        #expect(value(bytes(Int64(9_223_371_331_199_999_999)), .timestamp) == "294276-12-31 23:59:59.999999+00")
    }

    @Test func timesOfArraysKeepTheirYear() {
        let element = bytes(Int64(574_462_713_600_000_000))
        let head: [Int32] = [1, 0, Int32(TypeID.timestamp), 1, 1, 8]
        #expect(value(head.flatMap { bytes($0) } + element, .array) == #"["20204-01-01 00:00:00"]"#)
    }

    @Test(arguments: [
        "{", "{a", "{a,}", "{,a}", "{a}b", "{\"a}", "{\"a\"b}", "{{a}", "{a\\", "{{{{{{{a}}}}}}}", "a", "", "[0:1]",
        String(repeating: "{", count: 100_000),
    ])
    func aTextThatIsNoArrayStaysAsItIs(text: String) {
        #expect(ArrayReader.json(literal: text, element: TypeID.text) == text)
    }

    /// With an accent behind it, a quote or a comma is another `Character`.
    @Test func accentsBehindSignsAreNoPartOfThem() throws {
        let texts = ["\u{301}", "a\"\u{301}", "b\\\u{301}", "c,\u{301}", "\u{301}d"]
        let literal = ArrayText.literal(texts.map { .text($0) })
        let json = ArrayReader.json(literal: literal, element: TypeID.text)
        let read = try JSONDecoder().decode([String].self, from: Data(json.utf8))
        #expect(read.map { Array($0.utf8) } == texts.map { Array($0.utf8) })
        let unquoted = ArrayReader.json(literal: "{a,\u{301},b\u{301}}", element: TypeID.text)
        let list = try JSONDecoder().decode([String].self, from: Data(unquoted.utf8))
        #expect(list.map { Array($0.utf8) } == ["a", "\u{301}", "b\u{301}"].map { Array($0.utf8) })
    }
}
