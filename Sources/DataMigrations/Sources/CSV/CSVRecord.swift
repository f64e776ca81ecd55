import Database
import Foundation

/// What the quarantine keeps of a record, and how it is read again.
enum CSVRecord {
    /// The record that a row came from: `{"id":"7","email":null}`; or its text if it was malformed.
    static func text(_ block: CSVBlock, record: Int) -> String {
        if let row = block.records.firstIndex(of: record) { return text(block, row: row) }
        return block.malformed.first { $0.record == record }?.text ?? ""
    }

    static func text(_ block: CSVBlock, row: Int) -> String {
        let pairs = zip(block.layout.headers, block.fields(row: row))
        return "{" + pairs.map { quoted($0) + ":" + ($1.map(quoted) ?? "null") }.joined(separator: ",") + "}"
    }

    /// Decodes what ``text(_:row:)`` made.
    ///
    /// - Throws: ``FileSourceError`` if the record was malformed, ``DecodingFault`` if it still can't be decoded.
    static func reread<Row: Decodable>(
        _ text: String,
        as type: Row.Type,
        file: SourceFile,
        options: CSVOptions
    ) throws -> Row {
        let properties = PropertyList(of: type)
        guard let fields = try? JSONDecoder().decode([String: String?].self, from: Data(text.utf8)), !fields.isEmpty
        else { throw file.error("the record is malformed CSV: correct it in the file, and migrate that") }
        let headers = fields.keys.sorted()
        let layout = try CSVLayout(headers, options: options, properties: properties, file: file, line: nil)
        guard layout.fits(properties) else { throw file.error("the record has none of the columns") }
        var block = CSVBlock(layout, quote: 0)
        block.append(headers.map { fields[$0] ?? nil }, line: 1)
        return try decoder(block, options).decode(row: 0)
    }

    static func decoder(_ block: CSVBlock, _ options: CSVOptions) -> RowDecoder {
        let dates = options.dates
        let reader = dates.formats == [.iso8601] ? FieldReader() : FieldReader(date: { dates.date($0) })
        return RowDecoder(block.rows, reader: reader, column: block.layout.column(for:))
    }

    /// The names in a header's fields.
    static func names(_ fields: [CSVField], _ text: UnsafeRawBufferPointer, quote: UInt8) -> [String] {
        let sign = String(Unicode.Scalar(quote))
        return fields.map { field in
            let name = String(decoding: text[field.start..<field.start + field.count], as: UTF8.self)
            let single = field.hasDoubledQuotes ? name.replacingOccurrences(of: sign + sign, with: sign) : name
            return single.trimmingCharacters(in: .whitespacesAndNewlines)
        }
    }

    /// A JSON string.
    private static func quoted(_ text: String) -> String {
        var json = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": json += "\\\""
            case "\\": json += "\\\\"
            case "\n": json += "\\n"
            case "\r": json += "\\r"
            case "\t": json += "\\t"
            case _ where scalar.value < 0x20:
                json += scalar.value < 0x10 ? "\\u000" : "\\u00"
                json += String(scalar.value, radix: 16)
            default: json.unicodeScalars.append(scalar)
            }
        }
        return json + "\""
    }
}

extension CSVOptions {
    /// - Throws: ``FileSourceError`` if a sign is not ASCII.
    func scanner(for file: SourceFile) throws -> CSVScanner {
        guard let delimiter = delimiter.asciiValue, let quote = quote.asciiValue, delimiter != quote,
            ![delimiter, quote].contains(where: { $0 == .cr || $0 == .lf })
        else { throw file.error("delimiter: and quote: must be two different ASCII characters, and no line breaks") }
        return CSVScanner(delimiter: delimiter, quote: quote, trim: trim)
    }
}

extension DecodingFault {
    /// What is wrong, in one line without values.
    static func problem(of error: any Error) -> String {
        switch error {
        case let fault as DecodingFault: fault.description
        case let error as DecodingError: DecodingFault(error).description
        // The error of an author's own initializer might quote the value.
        default: "can't be decoded: \(type(of: error))"
        }
    }
}
