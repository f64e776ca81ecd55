import Database
import Foundation

/// Reads single fields as Swift types, with the conversions that are safe: a number that is stored as text is a number.
struct FieldReader: Sendable {
    /// How text reads as a date.
    var date: @Sendable (UnsafeRawBufferPointer) -> Date? = { Timestamp.parse($0) }

    func integer<I: FixedWidthInteger>(_ type: I.Type, _ rows: Rows, _ row: Int, _ column: Int) throws -> I {
        let number: I? = rows.withField(row: row, column: column) {
            switch $0 {
            case .integer(let integer): I(exactly: integer)
            case .double(let double): I(exactly: double)
            case .text(let bytes): Self.integer(bytes)
            case .null, .instant, .blob: nil
            }
        }
        return try number ?? fail(rows, row, column, "is not a whole number that fits \(I.self)")
    }

    func double(_ rows: Rows, _ row: Int, _ column: Int) throws -> Double {
        let number: Double? = rows.withField(row: row, column: column) {
            switch $0 {
            case .integer(let integer): Double(integer)
            case .double(let double): double
            case .text(let bytes): Double(Self.string(bytes))
            case .null, .instant, .blob: nil
            }
        }
        return try number ?? fail(rows, row, column, "is not a number")
    }

    func string(_ rows: Rows, _ row: Int, _ column: Int) throws -> String {
        try rows.withField(row: row, column: column) {
            switch $0 {
            case .text(let bytes), .blob(let bytes): Self.string(bytes)
            case .integer(let integer): String(integer)
            case .double(let double): String(double)
            case .instant(let microseconds): Timestamp.format(Timestamp.date(microseconds: microseconds))
            case .null: try fail(rows, row, column, "is not text")
            }
        }
    }

    func bool(_ rows: Rows, _ row: Int, _ column: Int) throws -> Bool {
        let bool: Bool? = rows.withField(row: row, column: column) {
            switch $0 {
            case .integer(let integer): integer == 0 ? false : integer == 1 ? true : nil
            case .double(let double): double == 0 ? false : double == 1 ? true : nil
            case .text(let bytes): Self.bool(bytes)
            case .null, .instant, .blob: nil
            }
        }
        return try bool ?? fail(rows, row, column, "is neither true nor false")
    }

    func date(_ rows: Rows, _ row: Int, _ column: Int) throws -> Date {
        let parsed: Date? = rows.withField(row: row, column: column) {
            switch $0 {
            case .instant(let microseconds): Timestamp.date(microseconds: microseconds)
            case .text(let bytes): date(bytes)
            case .integer(let seconds): Date(timeIntervalSince1970: Double(seconds))
            case .double(let seconds): Date(timeIntervalSince1970: seconds)
            case .null, .blob: nil
            }
        }
        return try parsed ?? fail(rows, row, column, "is not a date")
    }

    func uuid(_ rows: Rows, _ row: Int, _ column: Int) throws -> UUID {
        let uuid: UUID? = rows.withField(row: row, column: column) {
            switch $0 {
            case .text(let bytes): UUID(uuidString: Self.string(bytes))
            case .blob(let bytes) where bytes.count == 16: UUID(uuid: bytes.loadUnaligned(as: uuid_t.self))
            default: nil
            }
        }
        return try uuid ?? fail(rows, row, column, "is not a UUID")
    }

    func decimal(_ rows: Rows, _ row: Int, _ column: Int) throws -> Decimal {
        let decimal: Decimal? = rows.withField(row: row, column: column) {
            switch $0 {
            case .integer(let integer): Decimal(integer)
            // The shortest text that reads as this number: 12.1, not 12.0999999999999996447.
            case .double(let double): Decimal(string: String(double))
            case .text(let bytes): Self.decimal(Self.string(bytes))
            case .null, .instant, .blob: nil
            }
        }
        return try decimal ?? fail(rows, row, column, "is not a decimal number")
    }

    func bytes(_ rows: Rows, _ row: Int, _ column: Int) throws -> [UInt8] {
        try rows.withField(row: row, column: column) {
            switch $0 {
            case .text(let bytes), .blob(let bytes): [UInt8](bytes)
            default: try fail(rows, row, column, "is not binary data")
            }
        }
    }

    /// `URL` itself would read, and write, a JSON document.
    func url(_ rows: Rows, _ row: Int, _ column: Int) throws -> URL {
        try URL(string: string(rows, row, column)) ?? fail(rows, row, column, "is not a URL")
    }

    func fail<T>(_ rows: Rows, _ row: Int, _ column: Int, _ problem: String) throws -> T {
        let isNull = rows.isNull(row: row, column: column)
        throw DecodingFault(column: rows.columns[column], problem: isNull ? "is missing or NULL" : problem)
    }

    private static let bools: [String: Bool] = [
        "1": true, "true": true, "t": true, "yes": true, "y": true, "on": true,
        "0": false, "false": false, "f": false, "no": false, "n": false, "off": false,
    ]

    @inline(__always)
    private static func string(_ bytes: UnsafeRawBufferPointer) -> String { String(decoding: bytes, as: UTF8.self) }

    private static func bool(_ bytes: UnsafeRawBufferPointer) -> Bool? {
        if bytes.count == 1, bytes[0] == UInt8(ascii: "0") || bytes[0] == UInt8(ascii: "1") {
            return bytes[0] == UInt8(ascii: "1")
        }
        return bools[string(bytes).lowercased()]
    }

    /// Like `I(String)`; without a string where the number fits 64 bits in any case.
    private static func integer<I: FixedWidthInteger>(_ bytes: UnsafeRawBufferPointer) -> I? {
        guard bytes.count <= 18 else { return I(string(bytes)) }
        let isNegative = bytes.first == UInt8(ascii: "-")
        let digits = isNegative || bytes.first == UInt8(ascii: "+") ? bytes.dropFirst() : bytes[...]
        guard !digits.isEmpty else { return nil }
        var number: Int64 = 0
        for byte in digits {
            let digit = byte &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            number = number &* 10 &+ Int64(digit)
        }
        return I(exactly: isNegative ? -number : number)
    }

    /// `Decimal(string:)` takes what it can read and ignores the rest; a field must be a number from end to end.
    private static func decimal(_ text: String) -> Decimal? {
        guard Double(text) != nil, text.allSatisfy({ $0.isNumber || "+-.eE".contains($0) }) else { return nil }
        return Decimal(string: text)
    }
}
