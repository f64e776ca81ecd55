import Database
import Foundation

/// Writes arrays of one dimension in binary form (`array_send` in arrayfuncs.c).
///
///     int32 dimensions, int32 whether there are NULLs, uint32 type, int32 count, int32 lower bound,
///     then for each element int32 length (-1: NULL) and its bytes
struct ArrayWriter {
    private(set) var writer = ByteWriter()
    private let element: UInt32
    private var count = 0
    private var hasNull = false

    init(element: UInt32, capacity: Int = 0) {
        self.element = element
        writer.reserve(20 + capacity * 16)
        for _ in 0..<5 { writer.append(Int32(0)) }
    }

    /// Adds an element.
    ///
    /// - Returns: `false` if it has no binary form as the array's type.
    @inline(__always)
    mutating func append(_ value: Value) -> Bool {
        count += 1
        if value.isNull {
            hasNull = true
            writer.append(Int32(-1))
            return true
        }
        let element = element
        return writer.withLength { ValueWriter.write(value, as: element, to: &$0) }
    }

    /// Adds an element as the text that the server's input function reads.
    mutating func appendText(_ value: Value) {
        count += 1
        if value.isNull {
            hasNull = true
            writer.append(Int32(-1))
            return
        }
        _ = writer.withLength {
            $0.append(ValueWriter.text(value))
            return true
        }
    }

    /// The whole array.
    consuming func finish() -> [UInt8] {
        // An empty array has no dimension.
        writer.put(count == 0 ? 0 : 1, at: 0)
        writer.put(hasNull ? 1 : 0, at: 4)
        writer.put(Int32(bitPattern: element), at: 8)
        writer.put(Int32(count), at: 12)
        writer.put(1, at: 16)
        return count == 0 ? Array(writer.bytes.prefix(12)) : writer.bytes
    }

    /// Writes a list, or the text of a JSON array.
    static func write(_ value: Value, element: UInt32, to writer: inout ByteWriter) -> Bool {
        let values: [Value]
        switch value {
        case .array(let given): values = given
        case .json(let text):
            guard let parsed = ArrayText.values(json: text) else { return false }
            values = parsed
        default: return false
        }
        var array = ArrayWriter(element: element, capacity: values.count)
        for value in values {
            guard array.append(value) else { return false }
        }
        array.finish().withUnsafeBytes { writer.append($0) }
        return true
    }
}
