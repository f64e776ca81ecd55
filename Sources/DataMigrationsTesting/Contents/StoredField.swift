import Database

/// A field as the database stores it, byte for byte: to Swift, two spellings of a letter are the same.
enum StoredField: Sendable, Hashable {
    case null
    /// A number, in digits that tell an integer from a floating point number.
    case number(String)
    case text([UInt8])
    case blob([UInt8])

    init(_ rows: Rows, row: Int, column: Int, isNumber: Bool) {
        self = rows.withField(row: row, column: column) { field in
            switch field {
            case .null: .null
            case .integer(let integer): .number(String(integer))
            // The bits of a number that is none differ, and its description doesn't.
            case .double(let double) where double.isNaN: .number("nan:\(double.bitPattern)")
            case .double(let double): .number(String(double))
            case .instant(let microseconds): .text(Array(Timestamp.format(microseconds: microseconds).utf8))
            case .text(let bytes) where isNumber: .number(String(decoding: bytes, as: UTF8.self))
            case .text(let bytes): .text([UInt8](bytes))
            case .blob(let bytes): .blob([UInt8](bytes))
            }
        }
    }

    /// How a person reads it, like a literal of SQL; the middle of what is long is left out.
    var shown: String {
        switch self {
        case .null: return "NULL"
        case .number(let digits): return digits
        case .text(let bytes):
            let text = String(decoding: bytes, as: UTF8.self).map { character in
                switch character {
                case "\n": "\\n"
                case "\r", "\r\n": "\\r"
                case "\t": "\\t"
                default: String(character)
                }
            }
            return "'" + (text.count > 60 ? text.prefix(40) + ["…"] + text.suffix(15) : text[...]).joined() + "'"
        case .blob(let bytes):
            let digits = bytes.prefix(24).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
            return "x'\(digits)\(bytes.count > 24 ? "…" : "")'"
        }
    }
}
