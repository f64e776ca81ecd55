import Database

/// Reads a CSV file batch by batch.
final class CSVReader<Row: Decodable & Sendable>: BatchReader {
    private let file: SourceFile
    private let options: CSVOptions
    private let window: ByteWindow
    private var scanner: CSVScanner
    private let layout: CSVLayout
    private var line = 1
    private var room = CSVBlock.Room()

    /// - Throws: ``FileSourceError`` if the file can't be read, or its header is not what the rows need.
    init(_ file: SourceFile, options: CSVOptions, cursor: String?, chunk: Int = ByteWindow.chunk) throws {
        self.file = file
        self.options = options
        try options.dates.check(for: file)
        scanner = try options.scanner(for: file)
        window = ByteWindow(try ByteStream(file), chunk: chunk)
        try window.skipByteOrderMark()
        let header: (names: [String], line: Int?)
        switch options.header {
        case .given(let names): header = (names, nil)
        case .inFile: header = try Self.header(window, &scanner, &line, file)
        }
        layout = try CSVLayout(
            header.names,
            options: options,
            properties: PropertyList(of: Row.self),
            file: file,
            line: header.line
        )
        if let cursor {
            let cursor = try FileCursor(cursor, of: file)
            try window.move(to: cursor.offset)
            line = cursor.line
        }
    }

    func next(rows limit: Int, bytes: Int) async throws -> SourceBatch<Row>? {
        var block = CSVBlock(layout, quote: scanner.quote, room: room)
        while block.count < limit, block.byteCount < bytes {
            guard let record = try Self.scan(window, &scanner) else { break }
            if !scanner.isBlank { take(record, into: &block) }
            window.consume(record.byteCount)
            line += record.lines
        }
        room = block.room
        return block.count == 0 ? nil : decode(block)
    }

    private func take(_ record: CSVScanner.Record, into block: inout CSVBlock) {
        let text = UnsafeRawBufferPointer(rebasing: window.bytes.prefix(record.contentCount))
        let (has, needs) = (scanner.fields.count, layout.headers.count)
        if let problem = record.problem {
            block.appendMalformed(text, line: line, problem: problem.rawValue)
        } else if has > needs || (has < needs && options.ragged == .malformed) {
            let fields = has == 1 ? "1 field" : "\(has) fields"
            block.appendMalformed(text, line: line, problem: "has \(fields), the header has \(needs)")
        } else if !window.isASCII && !UTF8Check.isValid(text) {
            block.appendMalformed(text, line: line, problem: "is not UTF-8")
        } else {
            block.append(text, scanner.fields, line: line)
        }
    }

    private func decode(_ block: CSVBlock) -> SourceBatch<Row> {
        var rows: [Row] = []
        var records: [Int] = []
        var malformed = block.malformed
        rows.reserveCapacity(block.rows.count)
        records.reserveCapacity(block.rows.count)
        let decoder = CSVRecord.decoder(block, options)
        for row in 0..<block.rows.count {
            let record = block.records[row]
            do {
                rows.append(try decoder.decode(row: row))
                records.append(record)
            } catch {
                malformed.append((record, CSVRecord.text(block, row: row), DecodingFault.problem(of: error)))
            }
        }
        malformed.sort { $0.record < $1.record }
        return SourceBatch(
            rows: rows,
            records: records,
            malformed: malformed.map {
                MalformedRecord(locator: "line \(block.lines[$0.record])", original: $0.text, problem: $0.problem)
            },
            cursor: FileCursor(offset: window.offset, line: line).text,
            position: window.storedPosition,
            locator: { "line \(block.lines[$0])" },
            original: { CSVRecord.text(block, record: $0) }
        )
    }

    /// The next record; `nil` at the end.
    private static func scan(_ window: ByteWindow, _ scanner: inout CSVScanner) throws -> CSVScanner.Record? {
        while true {
            if !window.bytes.isEmpty, let record = scanner.scan(window.bytes, isAll: window.reachesEnd) {
                return record
            }
            if try !window.fill(), window.bytes.isEmpty { return nil }
        }
    }

    private static func header(
        _ window: ByteWindow,
        _ scanner: inout CSVScanner,
        _ line: inout Int,
        _ file: SourceFile
    ) throws -> (names: [String], line: Int?) {
        while let record = try scan(window, &scanner) {
            defer {
                window.consume(record.byteCount)
                line += record.lines
            }
            if scanner.isBlank { continue }
            let text = UnsafeRawBufferPointer(rebasing: window.bytes.prefix(record.contentCount))
            if let problem = record.problem { throw file.error("the header \(problem.rawValue)", line: line) }
            guard UTF8Check.isValid(text) else {
                throw file.error("the header is not UTF-8: convert the file, with iconv for instance", line: line)
            }
            return (CSVRecord.names(scanner.fields, text, quote: scanner.quote), line)
        }
        throw file.error("is empty: it lacks even a header")
    }
}
