import Database
import Foundation

/// The values of a batch as they came, and of each the line.
struct JSONBlock: Sendable {
    private var arena: [UInt8] = []
    /// Where each value ends in the arena.
    private var ends: [Int] = []
    private var lines: [Int] = []

    var count: Int { ends.count }
    var byteCount: Int { arena.count }

    mutating func append(_ text: UnsafeRawBufferPointer, line: Int) {
        arena.append(contentsOf: text)
        ends.append(arena.count)
        lines.append(line)
    }

    func text(_ record: Int) -> ArraySlice<UInt8> { arena[(record == 0 ? 0 : ends[record - 1])..<ends[record]] }

    /// Decodes the values.
    func batch<Row>(_ decoder: JSONRowDecoder<Row>, cursor: FileCursor, position: Int) -> SourceBatch<Row> {
        var batch = SourceBatch<Row>(
            rows: [],
            records: [],
            cursor: cursor.text,
            position: position,
            locator: { "line \(lines[$0])" },
            original: { String(decoding: text($0), as: UTF8.self) }
        )
        batch.rows.reserveCapacity(count)
        batch.records.reserveCapacity(count)
        for record in 0..<count {
            do {
                let text = text(record)
                guard text.withUnsafeBytes(UTF8Check.isValid) else {
                    throw DecodingFault(column: "*", problem: "is not UTF-8")
                }
                batch.rows.append(try decoder.decode(Data(text)))
                batch.records.append(record)
            } catch {
                batch.malformed.append(
                    MalformedRecord(
                        locator: batch.locator(record),
                        original: batch.original(record),
                        problem: Self.problem(error)
                    )
                )
            }
        }
        return batch
    }

    private static func problem(_ error: any Error) -> String {
        // The value as a whole has no column.
        if let fault = error as? DecodingFault, ["", "*"].contains(fault.column) { return fault.problem }
        return DecodingFault.problem(of: error)
    }
}
