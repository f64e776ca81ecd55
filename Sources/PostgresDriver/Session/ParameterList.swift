import Database

/// The bound values of a statement, as they are sent.
struct ParameterList {
    private enum Form: Int32 {
        case text = 0
        case binary = 1
    }

    private struct Entry {
        /// Where it starts among the bytes; `nil` for NULL.
        var offset: Int?
        var length = 0
        var form = Form.text
    }

    private var writer = ByteWriter()
    private var entries: [Entry] = []

    var count: Int { entries.count }

    /// Adds a value for a parameter of a type: in binary form where it has one, as text otherwise.
    mutating func append(_ value: Value, as type: UInt32) {
        guard !value.isNull else { return entries.append(Entry(offset: nil)) }
        let start = writer.count
        var attempt = ByteWriter()
        if ValueWriter.write(value, as: type, to: &attempt) {
            attempt.bytes.withUnsafeBytes { writer.append($0) }
            entries.append(Entry(offset: start, length: writer.count - start, form: .binary))
            return
        }
        writer.append(text(value, as: type))
        entries.append(Entry(offset: start, length: writer.count - start, form: .text))
        // Text ends with a NUL.
        writer.append(UInt8(0))
    }

    /// Adds a value that is in binary form already.
    mutating func append(binary bytes: [UInt8]) {
        entries.append(Entry(offset: writer.count, length: bytes.count, form: .binary))
        bytes.withUnsafeBytes { writer.append($0) }
    }

    private func text(_ value: Value, as type: UInt32) -> String {
        guard TypeID.elements[type] != nil, case .json(let json) = value, let values = ArrayText.values(json: json)
        else { return ValueWriter.text(value) }
        return ArrayText.literal(values)
    }

    /// Hands the lists to `body` that libpq wants.
    func withPointers<T>(
        _ body: (
            _ values: UnsafePointer<UnsafePointer<CChar>?>?, _ lengths: UnsafePointer<Int32>?,
            _ formats: UnsafePointer<Int32>?
        ) -> T
    ) -> T {
        writer.bytes.withUnsafeBytes { bytes in
            // A pointer that is NULL means SQL NULL, which empty bytes are not.
            let base = bytes.bindMemory(to: CChar.self).baseAddress
            return withUnsafePointer(to: CChar(0)) { empty in
                let values = entries.map { entry -> UnsafePointer<CChar>? in
                    guard let offset = entry.offset else { return nil }
                    return base.map { $0 + offset } ?? empty
                }
                return body(values, entries.map { Int32($0.length) }, entries.map { $0.form.rawValue })
            }
        }
    }
}
