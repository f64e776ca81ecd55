import Database
import Foundation

@testable import DataMigrations

/// Values as the ledger keeps them: keys, bounds, and what was bound when a run began.
///
/// An input is a digit for what is asked, and the text; or what values are made of.
enum StoredValuesTarget {
    @Sendable static func check(_ bytes: UnsafeRawBufferPointer) {
        var input = FuzzInput(bytes)
        switch input.choice(4) {
        case 0: checkText(String(decoding: input.rest, as: UTF8.self))
        case 1: checkArguments(String(decoding: input.rest, as: UTF8.self))
        case 2: checkValues(values(&input))
        default: checkRow(&input)
        }
    }

    private static func values(_ input: inout FuzzInput) -> [Value] {
        var values: [Value] = []
        while !input.isEmpty { values.append(input.value()) }
        return values
    }

    /// To the bit, as the journal writes them.
    private static func bytes(_ values: [Value]) -> [UInt8] {
        var writer = JournalWriter()
        for value in values { writer.append(value) }
        return writer.bytes
    }

    private static func checkText(_ text: String) {
        guard let values = StoredValue.values(of: text) else { return }
        checkValues(values)
    }

    private static func checkValues(_ values: [Value]) {
        let text = StoredValue.text(of: values)
        let again = StoredValue.values(of: text)
        require(again.map(bytes) == bytes(values), "\(values) is stored as \(text), and read as \(again ?? [])")
    }

    private static func checkArguments(_ json: String) {
        guard let arguments = BoundArguments(json: json) else { return }
        let again = BoundArguments(json: arguments.json)
        require(again?.json == arguments.json, "\(arguments.json) is stored as \(again?.json ?? "nothing")")
    }

    /// A row for people is an object with a key for each column.
    private static func checkRow(_ input: inout FuzzInput) {
        let columns = input.names(input.choice(4))
        let values = columns.map { _ in input.value() }
        let start = input.choice(3)
        let text = StoredRow.text(columns: columns, values: values, from: start)
        let object = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
        require(object.map { Set($0.keys) } == Set(columns.dropFirst(start)), "\(columns) are stored as \(text)")
    }
}
