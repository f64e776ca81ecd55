import Database
import Foundation

@testable import PostgresDriver

/// Arrays, as PostgreSQL writes them and as JSON: what is written is read, element by element.
///
/// An input is a digit for what is asked, and the text; or what arrays are made of.
enum ArraysTarget {
    @Sendable static func check(_ bytes: UnsafeRawBufferPointer) {
        var input = FuzzInput(bytes)
        switch input.choice(4) {
        case 0: checkLiteral(String(decoding: input.rest, as: UTF8.self))
        case 1: checkJSON(String(decoding: input.rest, as: UTF8.self))
        case 2: checkTexts(&input)
        default: checkIntegers(&input)
        }
    }

    private static func checkLiteral(_ literal: String) {
        for type in [TypeID.text, TypeID.int4, TypeID.numeric, TypeID.float8] {
            let json = ArrayReader.json(literal: literal, element: type)
            if json == literal { continue }
            let list = try? JSONSerialization.jsonObject(with: Data(json.utf8)) as? [Any]
            require(list != nil, "\(literal) is read as \(json)")
        }
    }

    private static func checkJSON(_ json: String) {
        guard let values = ArrayText.values(json: json) else { return }
        let again = ArrayText.values(json: ArrayReader.json(literal: ArrayText.literal(values), element: TypeID.text))
        require(again.map(texts) == texts(values), "\(json) is read as \(again ?? [])")
    }

    private static func checkTexts(_ input: inout FuzzInput) {
        var values: [Value] = []
        while !input.isEmpty { values.append(input.choice(6) == 0 ? .null : .text(input.text())) }
        let literal = ArrayText.literal(values)
        for json in [ArrayReader.json(literal: literal, element: TypeID.text), binary(values, TypeID.text)] {
            require(ArrayText.values(json: json).map(texts) == texts(values), "\(literal) is read as \(json)")
        }
    }

    private static func checkIntegers(_ input: inout FuzzInput) {
        var values: [Value] = []
        while !input.isEmpty { values.append(input.choice(6) == 0 ? .null : .integer(input.integer())) }
        let literal = ArrayText.literal(values)
        for json in [ArrayReader.json(literal: literal, element: TypeID.int8), binary(values, TypeID.int8)] {
            require(ArrayText.values(json: json) == values, "\(literal) is read as \(json)")
        }
    }

    private static func binary(_ values: [Value], _ element: UInt32) -> String {
        var writer = ArrayWriter(element: element)
        for value in values { require(writer.append(value), "\(value) has no binary form") }
        return writer.finish().withUnsafeBytes { ArrayReader.json($0) ?? "nothing" }
    }

    /// To the byte: both spellings of "é" are equal as strings.
    private static func texts(_ values: [Value]) -> [[UInt8]?] {
        values.map { value in
            if case .array(let nested) = value { return Array("\(texts(nested))".utf8) }
            return value.isNull ? nil : Array(ValueWriter.text(value).utf8)
        }
    }
}
