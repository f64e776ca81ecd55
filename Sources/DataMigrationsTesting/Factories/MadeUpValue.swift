import Database
import Foundation

/// Values that look like what a column holds, and differ from row to row.
enum MadeUpValue {
    /// A value like another one.
    ///
    /// - Parameters:
    ///   - sample: a value of the type that it is to have.
    ///   - column: the column.
    ///   - serial: what no other row has.
    /// - Returns: the value.
    static func like(_ sample: Value, _ column: TableSchema.Column, _ serial: Int) -> Value {
        switch sample {
        case .integer: .integer(Int64(serial))
        case .double: .double(Double(serial))
        case .decimal: .decimal(Decimal(serial))
        case .text(""): .text(text(column, serial))
        case .date: date(serial)
        case .uuid: .uuid(uuid(serial))
        case .blob: .blob(Array(String(serial).utf8))
        case .null, .bool, .text, .json, .array: sample
        }
    }

    /// A value that a column of this type takes.
    static func of(_ column: TableSchema.Column, _ serial: Int) -> Value {
        let type = column.type.lowercased()
        func has(_ names: String...) -> Bool { names.contains(where: type.contains) }
        if type.hasSuffix("[]") { return .text("{}") }
        if has("interval") { return .text("\(serial) days") }
        if has("bool") { return .bool(false) }
        if has("int", "serial") { return .integer(Int64(serial)) }
        if has("char", "text", "clob") { return .text(text(column, serial)) }
        if has("timestamp", "date") { return date(serial) }
        if has("time") { return .text("12:00:00") }
        if has("uuid") { return .uuid(uuid(serial)) }
        if has("json") { return .json("{}") }
        if has("blob", "bytea") { return .blob(Array(String(serial).utf8)) }
        if has("inet", "cidr") { return .text("10.0.\(serial / 256 % 256).\(serial % 256)") }
        if has("num", "dec", "real", "doub", "floa", "money") { return .integer(Int64(serial)) }
        return .text(text(column, serial))
    }

    /// A text by the column's name; no longer than the column takes.
    private static func text(_ column: TableSchema.Column, _ serial: Int) -> String {
        let name = column.name.lowercased()
        let text =
            switch name {
            case _ where name.contains("email"): "user\(serial)@example.com"
            case _ where name.contains("url") || name.contains("website"): "https://example.com/\(serial)"
            case _ where name.hasSuffix("_at"): Timestamp.format(instant(serial))
            case _ where name.contains("slug"): "\(name.replacing("_", with: "-"))-\(serial)"
            default: "\(name.replacing("_", with: " ")) \(serial)"
            }
        guard let length = column.type.firstMatch(of: #/\((\d+)\)/#).flatMap({ Int($0.1) }), text.count > length else {
            return text
        }
        // Its end tells it apart.
        return String(text.suffix(length)).trimmingCharacters(in: .whitespaces)
    }

    /// A day of its own, from 2024 on.
    private static func instant(_ serial: Int) -> Date {
        Date(timeIntervalSince1970: 1_704_110_400 + Double(serial) * 86_400)
    }

    private static func date(_ serial: Int) -> Value { .date(instant(serial)) }

    private static func uuid(_ serial: Int) -> UUID {
        let digits = String(serial, radix: 16)
        let last = String(repeating: "0", count: max(0, 12 - digits.count)) + digits
        return UUID(uuidString: "00000000-0000-4000-8000-\(last)") ?? UUID()
    }
}
