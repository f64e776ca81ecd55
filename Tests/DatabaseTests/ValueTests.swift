import Database
import Foundation
import Testing

@Suite("Values")
struct ValueTests {
    @Test(
        "a value reads as an integer where it is one",
        arguments: [
            (5, 5), (true, 1), (false, 0), (2.0, 2), (2.5, nil), ("12", 12), ("-7", -7), ("1.0", nil), ("x", nil),
            ("", nil), (.null, nil), (.blob([49]), nil), (.json("1"), nil), (.double(1e300), nil), (.double(.nan), nil),
            (.decimal(12), 12), (.decimal(Decimal(sign: .plus, exponent: -1, significand: 15)), nil),
            (.decimal(Decimal(sign: .plus, exponent: 30, significand: 1)), nil), (.integer(.min), .min),
            (.decimal(Decimal(sign: .plus, exponent: -1, significand: 120)), 12),
            (.decimal(Decimal(sign: .minus, exponent: 3, significand: 2)), -2_000),
        ] as [(Value, Int64?)]
    )
    func integer(_ value: Value, _ expected: Int64?) { #expect(value.integer == expected) }

    @Test(
        "a decimal reads as an integer to the ends of the range and not beyond",
        arguments: [
            ("9223372036854775807", Int64.max), ("-9223372036854775808", .min), ("9223372036854775808", nil),
            ("18446744073709551615", nil), ("-9223372036854775809", nil), ("9007199254740993", 9_007_199_254_740_993),
        ] as [(String, Int64?)]
    )
    func largeDecimal(_ text: String, _ expected: Int64?) throws {
        #expect(Value.decimal(try #require(Decimal(string: text))).integer == expected)
    }

    @Test(
        "a value reads as a number where it is one",
        arguments: [
            (5, 5.0), (2.5, 2.5), ("1e3", 1_000), ("x", nil), (.null, nil), (true, nil), (.decimal(12), 12),
            (.blob([49]), nil),
        ] as [(Value, Double?)]
    )
    func double(_ value: Value, _ expected: Double?) { #expect(value.double == expected) }

    @Test(
        "every value but NULL reads as text",
        arguments: [
            (.null, nil), (5, "5"), (2.5, "2.5"), (true, "true"), ("x", "x"), (.json("[1]"), "[1]"),
            (.blob([0x61]), "a"), (.date(Date(timeIntervalSince1970: 0)), "1970-01-01 00:00:00"),
            (.decimal(Decimal(sign: .minus, exponent: -2, significand: 1_210)), "-12.1"),
        ] as [(Value, String?)]
    )
    func text(_ value: Value, _ expected: String?) { #expect(value.text == expected) }

    @Test func aNumberThatFitsNoInt64IsBoundExactly() {
        #expect(UInt64.max.databaseValue.text == "18446744073709551615")
        #expect(UInt64(Int64.max).databaseValue == .integer(.max))
        #expect(Int64.min.databaseValue == .integer(.min))
    }

    @Test func optionalsAndWrappersAreBoundAsWhatTheyHold() {
        enum Role: String, ValueConvertible { case admin }
        #expect(Role?.none.databaseValue == .null)
        #expect(Role?.some(.admin).databaseValue == "admin")
        #expect(Int??.some(nil).databaseValue == .null)
        #expect(Data([1]).databaseValue == .blob([1]))
        #expect("abc".dropFirst().databaseValue == "bc")
        #expect(Value.null.isNull && !Value.text("").isNull)
    }

    @Test func theDescriptionOfAnErrorLeavesTheDetailOut() {
        var error = DatabaseError(
            .uniqueViolation,
            "duplicate key",
            detail: "Key (email)=(ada@x) exists",
            sql: "INSERT"
        )
        #expect("\(error)" == "duplicate key")
        #expect(String(reflecting: error).contains("ada@x"))
        #expect(error.kind == .rowFault)
        error = DatabaseError(.busy, "locked", kind: .fatal)
        #expect(error.kind == .fatal)
        #expect("\(error.code)" == "busy")
    }
}
