import Foundation

/// Finds an array within the objects around it.
struct JSONArrayFinder {
    let scanner: JSONScanner
    let keyPath: String
    /// What is left of the key path in each object that is open.
    private var rests: [String] = []
    /// What was found where the array should be.
    private var notArray: String?
    private var topKeys: [String] = []

    init(_ scanner: JSONScanner, keyPath: String) {
        self.scanner = scanner
        self.keyPath = keyPath
    }

    /// Goes behind the bracket that opens the array.
    ///
    /// - Parameters:
    ///   - scanner: stands at the start of the file.
    ///   - keyPath: the keys on the way to it; `nil` if the array is the whole file.
    /// - Returns: how many objects are open around it.
    /// - Throws: ``FileSourceError`` if there is no array there.
    static func open(_ scanner: JSONScanner, at keyPath: String?) throws -> Int {
        guard let first = try scanner.peek() else { throw scanner.error("the file is empty") }
        if let keyPath {
            guard first == UInt8(ascii: "{") else {
                throw scanner.error("the file holds \(kind(first)), not an object with the key \(keyPath)")
            }
            scanner.skip()
            var finder = JSONArrayFinder(scanner, keyPath: keyPath)
            return try finder.find()
        }
        guard first == UInt8(ascii: "[") else {
            let hint = first == UInt8(ascii: "{") ? ": name the array's key with at:" : ""
            throw scanner.error("the file holds \(kind(first)), not an array" + hint)
        }
        scanner.skip()
        return 0
    }

    private mutating func find() throws -> Int {
        rests = [keyPath]
        var mayClose = true
        while let rest = rests.last {
            let byte = try next()
            if byte == UInt8(ascii: "}"), mayClose {
                scanner.skip()
                rests.removeLast()
            } else {
                let (key, first) = try key()
                if rests.count == 1, topKeys.count < 20 { topKeys.append(key) }
                if key == rest {
                    if first == UInt8(ascii: "[") {
                        scanner.skip()
                        return rests.count
                    }
                    notArray = Self.kind(first)
                } else if rest.hasPrefix(key + "."), first == UInt8(ascii: "{") {
                    scanner.skip()
                    rests.append(String(rest.dropFirst(key.count + 1)))
                    mayClose = true
                    continue
                }
                try scanner.skipValue()
            }
            if rests.isEmpty { break }
            mayClose = try next() == UInt8(ascii: "}")
            if !mayClose { try skip(",", "a comma is missing between two keys") }
        }
        if let notArray { throw scanner.error("the key \(keyPath) holds \(notArray), not an array") }
        throw scanner.error("there is no key \(keyPath); the file has: \(NameMatch.list(topKeys))")
    }

    /// Reads a key, and goes to its value.
    private func key() throws -> (key: String, first: UInt8) {
        guard try next() == UInt8(ascii: "\"") else { throw scanner.error("a key in double quotes is missing") }
        let text = try scanner.value { Data($0) }
        guard let key = try? JSONDecoder().decode(String.self, from: text) else {
            throw scanner.error("the key in front of this is not a JSON string")
        }
        try skip(":", "a colon is missing behind a key")
        let first = try next()
        guard ![UInt8(ascii: ","), UInt8(ascii: ":"), UInt8(ascii: "}"), UInt8(ascii: "]")].contains(first) else {
            throw scanner.error("a value is missing behind a key")
        }
        return (key, first)
    }

    private func skip(_ sign: Unicode.Scalar, _ problem: String) throws {
        guard try next() == UInt8(ascii: sign) else { throw scanner.error(problem) }
        scanner.skip()
    }

    private func next() throws -> UInt8 {
        guard let byte = try scanner.peek() else {
            throw scanner.error("the file ends in the middle of an object: it is truncated, fetch it again")
        }
        return byte
    }

    private static func kind(_ first: UInt8) -> String {
        switch first {
        case UInt8(ascii: "{"): "an object"
        case UInt8(ascii: "["): "an array"
        case UInt8(ascii: "\""): "a string"
        case UInt8(ascii: "n"): "null"
        case UInt8(ascii: "t"), UInt8(ascii: "f"): "a Boolean"
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): "a number"
        default: "something that is not JSON"
        }
    }
}
