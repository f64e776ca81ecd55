import Foundation
import Testing

@testable import DataMigrations

/// Files of several dialects are read as Python's `csv` module reads them.
///
/// Where azu differs on purpose (docs/files.md), no file goes: text behind a closing quote, and a quote that is never
/// closed, are malformed here, and taken as they come there; and Python refuses a byte that is zero.
@Suite(.enabled(if: PythonCSV.isThere, "there is no python3 to compare with"))
struct CSVDifferentialTests {
    private struct Fields: Decodable, Sendable {
        var a: String?
        var b: String?
        var c: String?
        var d: String?

        var all: [String?] { [a, b, c, d] }
    }

    private static let width = 4

    @Test(arguments: UInt64(1)...8)
    func `generated files are read as Python reads them, in windows and batches of any size`(seed: UInt64) async throws
    {
        var random = SplitMix(state: seed)
        let samples = (0..<40).map { _ in CSVSample(columns: ["a", "b", "c", "d"], using: &random) }
        let records = try PythonCSV.records(of: samples)
        #expect(records.count == samples.count)
        for (sample, records) in zip(samples, records) {
            let fills = Bool.random(using: &random)
            let rows = Int.random(in: 1...30, using: &random)
            let chunk = [1, 2, 7, 64, ByteWindow.chunk].randomElement(using: &random) ?? 1
            let read = try await read(sample, fills: fills, rows: rows, chunk: chunk)
            let expected = Self.expected(records, fills: fills)
            #expect(read.count == expected.count, "\(sample)")
            for (read, expected) in zip(read, expected) {
                // To the byte: both spellings of "é" are equal as strings.
                #expect(read.utf8.elementsEqual(expected.utf8), "\(read), not \(expected), in \(sample)")
            }
        }
    }

    /// What azu reads, a text for each record.
    private func read(_ sample: CSVSample, fills: Bool, rows: Int, chunk: Int) async throws -> [String] {
        let file = try TemporaryFile(sample.data)
        defer { withExtendedLifetime(file) {} }
        let source = CSVFile<Fields>(
            file.path,
            delimiter: Character(sample.delimiter),
            quote: Character(sample.quote),
            nullText: nil,
            ragged: fills ? .fill : .malformed
        )
        let reader = try CSVReader<Fields>(SourceFile(file.path), options: source.options, cursor: nil, chunk: chunk)
        let all = try await Everything.read(reader, rows: rows)
        return all.batches.flatMap { batch -> [String] in
            var texts = batch.malformed.map { ($0.locator, "\($0.locator): \($0.problem)") }
            texts += zip(batch.rows, batch.records).map { row, record in
                (batch.locator(record), "\(batch.locator(record)): \(row.all)")
            }
            let byPlace = Dictionary(texts) { first, second in "\(first), and \(second)" }
            return (0..<batch.count).map { byPlace[batch.locator($0)] ?? "nothing at \(batch.locator($0))" }
        }
    }

    /// What azu has to make of Python's records.
    private static func expected(_ records: [PythonCSV.Record], fills: Bool) -> [String] {
        var line = 1
        var texts: [String] = []
        for (index, record) in records.enumerated() {
            // Python counts the lines up to a record's end.
            let start = line
            line = record.line + 1
            let count = record.fields.count
            // The header; and Python has a record without fields for a blank line.
            if index == 0 || count == 0 { continue }
            if count == width || (count < width && fills) {
                let missing: [String?] = Array(repeating: nil, count: width - count)
                texts.append("line \(start): \(record.fields.map(Optional.some) + missing)")
            } else {
                let has = count == 1 ? "1 field" : "\(count) fields"
                texts.append("line \(start): has \(has), the header has \(width)")
            }
        }
        return texts
    }
}
