/// Where a field lies in its record.
struct CSVField {
    /// Behind the opening quote, if there is one.
    var start: Int
    var count: Int
    var isQuoted: Bool
    /// Whether the text still has doubled quotes in it.
    var hasDoubledQuotes: Bool
}

/// Finds the ends of records and fields in bytes, without looking at the text itself.
struct CSVScanner {
    /// What was found.
    struct Record {
        /// How many bytes the record takes, with the end of its line.
        var byteCount: Int
        /// How many of them are in front of the end of the line.
        var contentCount: Int
        /// How many lines the record takes.
        var lines: Int
        var problem: Problem?
    }

    /// What may be wrong with the quotes.
    enum Problem: String {
        case openQuote = "has a quote that is never closed"
        case textBehindQuote = "has text behind a closing quote"
    }

    let delimiter: UInt8
    let quote: UInt8
    let trim: Bool
    /// The fields of the record that was scanned last.
    private(set) var fields: [CSVField] = []
    /// Which bytes end a field without quotes, and which ones end a run of bytes within quotes.
    private let stops: [UInt8]

    private static let endsField: UInt8 = 1
    private static let endsQuoted: UInt8 = 2

    init(delimiter: UInt8, quote: UInt8, trim: Bool) {
        self.delimiter = delimiter
        self.quote = quote
        self.trim = trim
        var stops = [UInt8](repeating: 0, count: 256)
        for byte in [delimiter, .cr, .lf] { stops[Int(byte)] |= Self.endsField }
        for byte in [quote, .cr, .lf] { stops[Int(byte)] |= Self.endsQuoted }
        self.stops = stops
    }

    /// Whether the record that was scanned last is a blank line.
    var isBlank: Bool { fields.count == 1 && !fields[0].isQuoted && fields[0].count == 0 }

    /// Finds the end of the record that the bytes begin with, and its fields.
    ///
    /// - Parameters:
    ///   - bytes: what is there of the file from the record on.
    ///   - isAll: whether nothing follows the bytes.
    /// - Returns: `nil` if the record may go on behind the bytes.
    mutating func scan(_ bytes: UnsafeRawBufferPointer, isAll: Bool) -> Record? {
        fields.removeAll(keepingCapacity: true)
        let end = bytes.count
        var place = 0
        var lines = 0
        var problem: Problem?
        return stops.withUnsafeBufferPointer { stops in
            while true {
                if trim { skipBlanks(bytes, &place) }
                if place < end, bytes[place] == quote {
                    place += 1
                    let isClosed = quotedField(bytes, stops, &place, &lines)
                    if place == end && !isAll { return nil }
                    if !isClosed { problem = .openQuote }
                    if trim { skipBlanks(bytes, &place) }
                    if place < end, stops[Int(bytes[place])] & Self.endsField == 0 {
                        problem = .textBehindQuote
                    }
                    // What follows belongs to the same field; the record's end must be found all the same.
                    while place < end, stops[Int(bytes[place])] & Self.endsField == 0 { place += 1 }
                } else {
                    let start = place
                    while place < end, stops[Int(bytes[place])] & Self.endsField == 0 { place += 1 }
                    var count = place - start
                    if trim { while count > 0, isBlank(bytes[start + count - 1]) { count -= 1 } }
                    fields.append(CSVField(start: start, count: count, isQuoted: false, hasDoubledQuotes: false))
                }
                if place == end {
                    return isAll
                        ? Record(byteCount: end, contentCount: end, lines: lines + 1, problem: problem) : nil
                }
                if bytes[place] == delimiter {
                    place += 1
                    continue
                }
                let content = place
                if bytes[place] == .cr {
                    if place + 1 == end && !isAll { return nil }
                    if place + 1 < end && bytes[place + 1] == .lf { place += 1 }
                }
                return Record(byteCount: place + 1, contentCount: content, lines: lines + 1, problem: problem)
            }
        }
    }

    /// Finds the closing quote, and goes behind it.
    ///
    /// - Returns: whether there is one.
    @inline(__always)
    private mutating func quotedField(
        _ bytes: UnsafeRawBufferPointer,
        _ stops: UnsafeBufferPointer<UInt8>,
        _ place: inout Int,
        _ lines: inout Int
    ) -> Bool {
        let start = place
        let end = bytes.count
        var isDoubled = false
        while true {
            while place < end, stops[Int(bytes[place])] & Self.endsQuoted == 0 { place += 1 }
            if place == end { break }
            let byte = bytes[place]
            place += 1
            if byte == quote {
                if place < end, bytes[place] == quote {
                    isDoubled = true
                    place += 1
                    continue
                }
                let count = place - 1 - start
                fields.append(CSVField(start: start, count: count, isQuoted: true, hasDoubledQuotes: isDoubled))
                return true
            }
            if byte == .lf || place == end || bytes[place] != .lf { lines += 1 }
        }
        fields.append(CSVField(start: start, count: end - start, isQuoted: true, hasDoubledQuotes: isDoubled))
        return false
    }

    @inline(__always)
    private func skipBlanks(_ bytes: UnsafeRawBufferPointer, _ place: inout Int) {
        while place < bytes.count, isBlank(bytes[place]) { place += 1 }
    }

    @inline(__always)
    private func isBlank(_ byte: UInt8) -> Bool {
        (byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")) && byte != delimiter
    }
}

extension UInt8 {
    static let cr = UInt8(ascii: "\r")
    static let lf = UInt8(ascii: "\n")
}
