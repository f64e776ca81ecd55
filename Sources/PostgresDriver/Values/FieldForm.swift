import Database
import Foundation

/// In which form a field of a result arrives.
enum FieldForm {
    case int2, int4, int8, uint32, float4, float8, bool, text, bytea, uuid, timestamp, date, numeric, jsonb
    /// An array of elements of a type.
    case array

    /// The binary form of a type; `nil` where it is the server's own business: such results are asked for as text.
    init?(_ type: UInt32) {
        switch type {
        case TypeID.int2: self = .int2
        case TypeID.int4: self = .int4
        case TypeID.int8: self = .int8
        case TypeID.oid, TypeID.xid: self = .uint32
        case TypeID.float4: self = .float4
        case TypeID.float8: self = .float8
        case TypeID.bool: self = .bool
        case TypeID.text, TypeID.varchar, TypeID.bpchar, TypeID.name, TypeID.json, TypeID.unknown: self = .text
        case TypeID.bytea: self = .bytea
        case TypeID.uuid: self = .uuid
        case TypeID.timestamp, TypeID.timestamptz: self = .timestamp
        case TypeID.date: self = .date
        case TypeID.numeric: self = .numeric
        case TypeID.jsonb: self = .jsonb
        default:
            // Of `"char"`, whose zero is no text, not even one element is read.
            guard let element = TypeID.elements[type], FieldForm(element) != nil else { return nil }
            self = .array
        }
    }

    /// How many bytes a field has in binary form; `nil` if that is not the same for all.
    fileprivate var size: Int? {
        switch self {
        case .bool: 1
        case .int2: 2
        case .int4, .uint32, .float4, .date: 4
        case .int8, .float8, .timestamp: 8
        case .uuid: 16
        case .text, .bytea, .numeric, .jsonb, .array: nil
        }
    }
}

extension Rows {
    /// Adds a field that came in binary form.
    ///
    /// - Returns: whether the bytes are such a field; nothing is added otherwise.
    @inline(__always)
    mutating func append(_ bytes: UnsafeRawBufferPointer, as form: FieldForm) -> Bool {
        if let size = form.size, bytes.count != size { return false }
        switch form {
        case .int8: append(bytes.integer(Int64.self))
        case .int4: append(Int64(bytes.integer(Int32.self)))
        case .int2: append(Int64(bytes.integer(Int16.self)))
        case .uint32: append(Int64(bytes.integer(UInt32.self)))
        case .float8: append(Double(bitPattern: bytes.integer(UInt64.self)))
        // The shortest number that is this one: 0.1, not 0.10000000149011612.
        case .float4: append(Double("\(Float(bitPattern: bytes.integer(UInt32.self)))") ?? .nan)
        case .bool: append(Int64(bytes[0] == 0 ? 0 : 1))
        case .text: appendText(bytes)
        case .jsonb:
            // The version of the format.
            guard bytes.first == 1 else { return false }
            appendText(UnsafeRawBufferPointer(rebasing: bytes.dropFirst()))
        case .bytea: appendBlob(bytes)
        case .timestamp: appendTimestamp(bytes.integer(Int64.self))
        case .date: appendDate(bytes.integer(Int32.self))
        case .uuid: append(.uuid(UUID(uuid: bytes.loadUnaligned(as: uuid_t.self))))
        case .numeric:
            guard let number = Numeric.text(bytes) else { return false }
            append(.text(number))
        case .array:
            guard let array = ArrayReader.json(bytes) else { return false }
            append(.text(array))
        }
        return true
    }

    private mutating func appendTimestamp(_ since2000: Int64) {
        // The ends of the range stand for the infinities.
        if since2000 == .max { return append(.text("infinity")) }
        if since2000 == .min { return append(.text("-infinity")) }
        let (since1970, overflow) = since2000.addingReportingOverflow(ValueWriter.microsecondsTo2000)
        if !overflow { return append(microseconds: since1970) }
        // PostgreSQL's last thirty years lie too far from 1970.
        append(.text(Timestamp.format(microseconds: since2000, sinceDay: ValueWriter.daysTo2000, zone: "+00")))
    }

    private mutating func appendDate(_ since2000: Int32) {
        if since2000 == .max { return append(.text("infinity")) }
        if since2000 == .min { return append(.text("-infinity")) }
        append(.text(Timestamp.format(day: Int64(since2000) + ValueWriter.daysTo2000)))
    }

    /// Adds a field that came as text.
    mutating func append(text bytes: UnsafeRawBufferPointer, as form: FieldForm?, element: UInt32?) {
        switch form {
        case .int2, .int4, .int8, .uint32:
            let integer = Int64(String(decoding: bytes, as: UTF8.self))
            if let integer { append(integer) } else { appendText(bytes) }
        case .float4, .float8:
            let double = Double(String(decoding: bytes, as: UTF8.self))
            if let double { append(double) } else { appendText(bytes) }
        case .bool: append(Int64(bytes.first == UInt8(ascii: "t") ? 1 : 0))
        case .bytea: appendHex(bytes)
        case .timestamp:
            // A `Date` keeps every microsecond for 136 years around 2001; further off, the text does.
            if let date = Timestamp.parse(bytes),
                abs(date.timeIntervalSinceReferenceDate) < 4e9 || !bytes.contains(UInt8(ascii: ".")),
                let microseconds = Timestamp.microseconds(of: date)
            {
                append(microseconds: microseconds)
            } else {
                appendText(bytes)
            }
        case .array: append(.text(ArrayReader.json(literal: String(decoding: bytes, as: UTF8.self), element: element)))
        default: appendText(bytes)
        }
    }

    /// Bytes as `\x…`.
    private mutating func appendHex(_ bytes: UnsafeRawBufferPointer) {
        func digit(_ byte: UInt8) -> UInt8 { byte < 58 ? byte &- 48 : (byte | 32) &- 87 }
        let blob = stride(from: 2, to: bytes.count - 1, by: 2).map { digit(bytes[$0]) << 4 | digit(bytes[$0 + 1]) }
        append(.blob(blob))
    }
}
