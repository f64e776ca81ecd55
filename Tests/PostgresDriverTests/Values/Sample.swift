import Database
import Testing

/// Values of one type, each with the literal that means the same to the server.
struct Sample: Sendable, CustomTestStringConvertible {
    typealias Pair = (value: Value, literal: String?)
    typealias Comparison = @Sendable (_ read: Value, _ text: String) -> Bool

    let type: String
    let pairs: [Pair]
    /// Whether a field that was read is what the server says in text.
    let isSame: Comparison

    var testDescription: String { type }

    /// Makes a sample, NULL among it.
    init(_ type: String, _ pairs: [Pair], _ isSame: @escaping Comparison) {
        self.type = type
        var pairs = pairs
        pairs.append((.null, nil))
        self.pairs = pairs
        self.isSame = isSame
    }

    /// Makes a sample of values that are bound as text, whatever the type is.
    init(_ type: String, texts: [String], _ isSame: @escaping Comparison = Sample.asText) {
        self.init(type, texts.map { text -> Pair in (.text(text), text) }, isSame)
    }

    /// Writes and reads the values, and compares them with what the server makes of the literals.
    func check(in connection: any DatabaseConnection) async throws {
        let trip = RoundTrip(connection: connection, type: type)
        let said = try await trip.oracle(pairs.map { $0.literal })
        let fields = try await trip.fields(pairs.map { $0.value })
        // A statement, two bulk inserts and two bulk updates.
        #expect(fields.count == 3 * pairs.count + 240)
        for field in fields {
            let what = "\(pairs[field.place].value) as \(type), written by \(field.way)"
            #expect(field.text == said[field.place], "\(what)")
            guard let text = said[field.place] else {
                #expect(field.value.isNull && field.plain.isNull, "\(what)")
                continue
            }
            #expect(isSame(field.value, text), "\(what), came back as \(field.value)")
            #expect(isSame(field.plain, text), "\(what), came back in a result of text as \(field.plain)")
        }
    }
}

// MARK: - How a field compares with what the server says

extension Sample {
    static let asText: Comparison = { read, text in read == .text(text) }

    static let asInteger: Comparison = { read, text in read == Int64(text).map(Value.integer) }

    static let asBool: Comparison = { read, text in read == .integer(text == "t" ? 1 : 0) }

    static let asDouble: Comparison = { read, text in
        if case .double(let double) = read { double == Double(text) } else { false }
    }

    /// Four bytes hold fewer digits than eight.
    static let asFloat: Comparison = { read, text in
        if case .double(let double) = read { Float(double) == Float(text) } else { false }
    }

    static let asBytes: Comparison = { read, text in
        if case .blob(let bytes) = read { hexadecimal(bytes) == text } else { false }
    }

    /// To the microsecond; the infinities are no instants, and come as text.
    static let asInstant: Comparison = { read, text in
        guard let said = Timestamp.parse(text) else { return read == .text(text) }
        guard case .date(let date) = read else { return false }
        return Timestamp.microseconds(of: date) == Timestamp.microseconds(of: said)
    }

    /// `\x00ff`.
    static func hexadecimal(_ bytes: [UInt8]) -> String {
        "\\x" + bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}
