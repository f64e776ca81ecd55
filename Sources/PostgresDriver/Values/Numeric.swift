/// PostgreSQL's binary form of `numeric`: groups of four decimal digits (`numeric_send` in numeric.c).
///
///     int16 groups, int16 weight of the first group, int16 sign, int16 digits behind the point, int16 × groups
enum Numeric {
    private static let negative: UInt16 = 0x4000
    private static let notANumber: UInt16 = 0xC000
    private static let infinity: UInt16 = 0xD000
    private static let negativeInfinity: UInt16 = 0xF000

    /// The number as PostgreSQL writes it: `-12.10`; `nil` if the bytes are none.
    static func text(_ bytes: UnsafeRawBufferPointer) -> String? {
        guard bytes.count >= 8 else { return nil }
        let groups = Int(bytes.integer(Int16.self))
        let weight = Int(bytes.integer(Int16.self, at: 2))
        let sign = bytes.integer(UInt16.self, at: 4)
        let scale = Int(bytes.integer(Int16.self, at: 6))
        switch sign {
        case notANumber: return "NaN"
        case infinity: return "Infinity"
        case negativeInfinity: return "-Infinity"
        case 0, negative: break
        default: return nil
        }
        guard groups >= 0, bytes.count == 8 + 2 * groups, 0...16_383 ~= scale,
            (0..<groups).allSatisfy({ 0..<10_000 ~= bytes.integer(Int16.self, at: 8 + 2 * $0) })
        else { return nil }
        func group(_ index: Int) -> Int {
            index >= 0 && index < groups ? Int(bytes.integer(Int16.self, at: 8 + 2 * index)) : 0
        }
        func padded(_ number: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: 4 - digits.utf8.count) + digits
        }
        var text = sign == negative ? "-" : ""
        if weight < 0 {
            text += "0"
        } else {
            text += String(group(0))
            for index in stride(from: 1, through: weight, by: 1) { text += padded(group(index)) }
        }
        guard scale > 0 else { return text }
        var fraction = ""
        var index = weight + 1
        if weight < -1 {
            // Groups of zeros between the point and the first group.
            fraction = String(repeating: "0000", count: -weight - 1)
            index = 0
        }
        while fraction.utf8.count < scale {
            fraction += padded(group(index))
            index += 1
        }
        return text + "." + fraction.prefix(scale)
    }

    /// Writes a number in decimal digits, with an exponent or without.
    ///
    /// - Returns: `false` if the text is no such number; nothing is written then.
    static func write(_ text: String, to writer: inout ByteWriter) -> Bool {
        guard let (isNegative, digits, scale) = parse(text) else { return false }
        // Align the groups of four with the decimal point.
        var padded = digits
        let behind = max(0, scale)
        padded += Array(repeating: 0, count: (4 - behind % 4) % 4)
        if scale < 0 { padded += Array(repeating: 0, count: -scale) }
        padded = Array(repeating: 0, count: (4 - padded.count % 4) % 4) + padded
        var groups = stride(from: 0, to: padded.count, by: 4).map { start in
            padded[start..<start + 4].reduce(Int16(0)) { $0 * 10 + Int16($1) }
        }
        var weight = groups.count - (behind + 3) / 4 - 1
        let zeros = groups.prefix { $0 == 0 }.count
        groups.removeFirst(zeros)
        weight -= zeros
        while groups.last == 0 { groups.removeLast() }
        // The protocol counts in 16 bits, and so does the server.
        guard groups.count < 16_384, behind <= 16_383, weight < 32_768, weight > -32_768 else { return false }
        writer.append(Int16(groups.count))
        writer.append(groups.isEmpty ? 0 : Int16(weight))
        writer.append(isNegative && !groups.isEmpty ? negative : 0)
        writer.append(Int16(behind))
        for group in groups { writer.append(group) }
        return true
    }

    /// The digits without the point, and how many of them stand behind it: fewer than none for `1e3`.
    private static func parse(_ text: String) -> (isNegative: Bool, digits: [UInt8], scale: Int)? {
        var rest = Substring(text).utf8
        var isNegative = false
        if let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            isNegative = sign == UInt8(ascii: "-")
            rest = rest.dropFirst()
        }
        var digits: [UInt8] = []
        var scale = 0
        var isBehindPoint = false
        while let byte = rest.first, byte != UInt8(ascii: "e"), byte != UInt8(ascii: "E") {
            rest = rest.dropFirst()
            if byte == UInt8(ascii: "."), !isBehindPoint {
                isBehindPoint = true
                continue
            }
            guard byte &- UInt8(ascii: "0") < 10 else { return nil }
            digits.append(byte - UInt8(ascii: "0"))
            scale += isBehindPoint ? 1 : 0
        }
        guard !digits.isEmpty else { return nil }
        if !rest.isEmpty {
            guard let exponent = Int(Substring(rest.dropFirst())), abs(exponent) < 16_000 else { return nil }
            scale -= exponent
        }
        return (isNegative, digits, scale)
    }
}
