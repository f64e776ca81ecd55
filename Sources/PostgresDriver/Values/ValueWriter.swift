import Database
import Foundation

/// Writes values in the binary form of a type.
///
/// What has no binary form here (a text for a timestamp column, an integer that does not fit) goes as text instead: the
/// server reads it, or says what is wrong with it.
enum ValueWriter {
    /// From 1970-01-01 to 2000-01-01, where PostgreSQL starts to count.
    static let daysTo2000: Int64 = 10_957
    static let microsecondsTo2000: Int64 = daysTo2000 * 86_400_000_000

    /// Writes a value that is not NULL.
    ///
    /// - Returns: `false` if it has no binary form as this type; the writer may hold rubbish then.
    static func write(_ value: Value, as type: UInt32, to writer: inout ByteWriter) -> Bool {
        switch type {
        case TypeID.int8: return write(value, Int64.self, to: &writer)
        case TypeID.int4: return write(value, Int32.self, to: &writer)
        case TypeID.int2: return write(value, Int16.self, to: &writer)
        case TypeID.oid, TypeID.xid: return write(value, UInt32.self, to: &writer)
        case TypeID.text, TypeID.varchar, TypeID.bpchar, TypeID.name, TypeID.json, TypeID.unknown:
            return writeText(value, to: &writer)
        case TypeID.jsonb:
            // The version of the format.
            writer.append(UInt8(1))
            return writeText(value, to: &writer)
        case TypeID.bool: return writeBool(value, to: &writer)
        case TypeID.float8: return writeDouble(value) { writer.append($0.bitPattern) }
        case TypeID.float4: return writeDouble(value) { writer.append(Float($0).bitPattern) }
        case TypeID.timestamp, TypeID.timestamptz:
            guard case .date(let date) = value, let microseconds = Timestamp.microseconds(of: date) else {
                return false
            }
            let (since2000, overflow) = microseconds.subtractingReportingOverflow(microsecondsTo2000)
            writer.append(since2000)
            return !overflow
        case TypeID.date:
            guard let days = days(value) else { return false }
            writer.append(days)
            return true
        case TypeID.uuid: return writeUUID(value, to: &writer)
        case TypeID.bytea:
            guard case .blob(let bytes) = value else { return false }
            bytes.withUnsafeBytes { writer.append($0) }
            return true
        case TypeID.numeric:
            switch value {
            case .integer, .decimal, .text: return Numeric.write(value.text ?? "", to: &writer)
            // The shortest text that reads as this number.
            case .double(let double) where double.isFinite: return Numeric.write(String(double), to: &writer)
            default: return false
            }
        default:
            guard let element = TypeID.elements[type] else { return false }
            return ArrayWriter.write(value, element: element, to: &writer)
        }
    }

    /// What the server's own input function of a type reads.
    static func text(_ value: Value) -> String {
        switch value {
        case .bool(let bool): bool ? "t" : "f"
        // Years before 1 and behind 9999 are no trouble here.
        case .date(let date):
            Timestamp.microseconds(of: date).map { Timestamp.format(microseconds: $0) } ?? Timestamp.format(date)
        case .blob(let bytes): "\\x" + bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        case .array(let values): ArrayText.literal(values)
        default: value.text ?? ""
        }
    }

    @inline(__always)
    private static func write<I: FixedWidthInteger>(
        _ value: Value,
        _ type: I.Type,
        to writer: inout ByteWriter
    ) -> Bool {
        let integer: I?
        switch value {
        case .integer(let whole): integer = I(exactly: whole)
        case .bool(let bool): integer = bool ? 1 : 0
        case .text(let text): integer = I(text)
        default: integer = nil
        }
        guard let integer else { return false }
        writer.append(integer)
        return true
    }

    private static func writeText(_ value: Value, to writer: inout ByteWriter) -> Bool {
        switch value {
        case .text(let text), .json(let text): writer.append(text)
        default: writer.append(self.text(value))
        }
        return true
    }

    private static func writeBool(_ value: Value, to writer: inout ByteWriter) -> Bool {
        switch value {
        case .bool(let bool): writer.append(UInt8(bool ? 1 : 0))
        case .integer(let integer) where integer == 0 || integer == 1: writer.append(UInt8(integer))
        default: return false
        }
        return true
    }

    private static func writeDouble(_ value: Value, _ append: (Double) -> Void) -> Bool {
        switch value {
        case .double(let double): append(double)
        case .integer(let integer): append(Double(integer))
        case .decimal(let decimal):
            guard let double = Double(decimal.description) else { return false }
            append(double)
        default: return false
        }
        return true
    }

    private static func days(_ value: Value) -> Int32? {
        let date: Date?
        switch value {
        case .date(let given): date = given
        case .text(let text) where text.utf8.count == 10: date = Timestamp.parse(text)
        default: date = nil
        }
        guard let date else { return nil }
        let days = (date.timeIntervalSince1970 / 86_400).rounded(.down)
        return Int32(exactly: days - Double(daysTo2000))
    }

    private static func writeUUID(_ value: Value, to writer: inout ByteWriter) -> Bool {
        let uuid: UUID?
        switch value {
        case .uuid(let given): uuid = given
        case .text(let text): uuid = UUID(uuidString: text)
        default: uuid = nil
        }
        guard let uuid else { return false }
        withUnsafeBytes(of: uuid.uuid) { writer.append($0) }
        return true
    }
}
