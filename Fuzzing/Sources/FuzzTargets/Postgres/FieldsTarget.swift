import Database
import Foundation

@testable import PostgresDriver

/// Fields of a result, in binary form and as text: bytes that are no field are refused; values that are written are read.
///
/// An input is a digit for what is asked, a letter for the type, and the field.
enum FieldsTarget {
    private static let types: [UInt32] = [
        TypeID.int2, TypeID.int4, TypeID.int8, TypeID.oid, TypeID.float4, TypeID.float8, TypeID.bool, TypeID.text,
        TypeID.bytea, TypeID.uuid, TypeID.timestamptz, TypeID.date, TypeID.numeric, TypeID.jsonb,
    ]

    @Sendable static func check(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count >= 2 else { return }
        let all = types + types.compactMap { TypeID.arrays[$0] }
        let type = all[Int(bytes[1] &- UInt8(ascii: "a")) % all.count]
        guard let form = FieldForm(type) else { return require(false, "type \(type) is read in no form") }
        let field = UnsafeRawBufferPointer(rebasing: bytes.dropFirst(2))
        switch (bytes[0] &- UInt8(ascii: "0")) % 3 {
        case 0: checkBinary(field, form)
        case 1: checkText(field, form)
        default: checkWriting(bytes, types[Int(bytes[1] &- UInt8(ascii: "a")) % types.count])
        }
    }

    private static func checkBinary(_ field: UnsafeRawBufferPointer, _ form: FieldForm) {
        var rows = Rows(columns: ["field"])
        let isField = rows.append(field, as: form)
        require(rows.count == (isField ? 1 : 0), "\(rows.count) fields were added")
        if isField { _ = rows.value(row: 0, column: 0).text }
    }

    private static func checkText(_ field: UnsafeRawBufferPointer, _ form: FieldForm) {
        var rows = Rows(columns: ["field"])
        rows.append(text: field, as: form, element: TypeID.int4)
        require(rows.count == 1, "\(rows.count) fields were added")
        _ = rows.value(row: 0, column: 0).text
    }

    private static func checkWriting(_ bytes: UnsafeRawBufferPointer, _ type: UInt32) {
        var input = FuzzInput(UnsafeRawBufferPointer(rebasing: bytes.dropFirst(2)))
        let value = input.value()
        var writer = ByteWriter()
        guard !value.isNull, ValueWriter.write(value, as: type, to: &writer), let form = FieldForm(type) else { return }
        var rows = Rows(columns: ["field"])
        let isField = writer.bytes.withUnsafeBytes { rows.append($0, as: form) }
        require(isField, "\(value) as \(type) is written as what can't be read")
        let read = rows.value(row: 0, column: 0)
        require(isSame(read, value, form), "\(value) as \(type) is read as \(read)")
    }

    /// Whether a value that was read is the one that was written, as far as the type holds it.
    private static func isSame(_ read: Value, _ written: Value, _ form: FieldForm) -> Bool {
        switch (form, read, written) {
        case (.int2, _, _), (.int4, _, _), (.int8, _, _), (.uint32, _, _), (.bool, _, _):
            read.integer == written.integer
        case (.float8, .double(let double), .double(let other)): double.bitPattern == other.bitPattern
        case (.float4, .double(let double), .double(let other)):
            Float(double) == Float(other) || (double.isNaN && other.isNaN)
        case (.text, .text(let text), .text(let other)), (.jsonb, .text(let text), .json(let other)):
            text.utf8.elementsEqual(other.utf8)
        case (.bytea, _, _): read == written
        case (.uuid, .text(let text), .uuid(let uuid)): text == uuid.uuidString.lowercased()
        // The ends of the range stand for the infinities, and are no instants.
        case (.timestamp, .text(let text), .date): text.hasSuffix("infinity")
        case (.timestamp, .date(let date), .date(let other)):
            Timestamp.microseconds(of: date)
                == Timestamp.microseconds(of: Timestamp.date(microseconds: Timestamp.microseconds(of: other) ?? 0))
        default: true
        }
    }
}
