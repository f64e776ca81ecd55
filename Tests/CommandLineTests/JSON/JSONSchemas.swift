import Foundation

/// The schemas of a folder, as far as JSON Schema 2020-12 is used in them.
///
/// A keyword that is not known here is an error, lest it is passed over.
struct JSONSchemas {
    /// What each file holds, by its name without `.schema.json`.
    let files: [String: JSON]

    init(_ files: [String: JSON]) { self.files = files }

    /// Reads the schemas of `docs/json`.
    static func documented() throws -> JSONSchemas {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let folder = root.appending(path: "docs/json", directoryHint: .isDirectory)
        var files: [String: JSON] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false)) {
            guard name.hasSuffix(suffix) else { continue }
            let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
            files[String(name.dropLast(suffix.count))] = try JSON(text)
        }
        return JSONSchemas(files)
    }

    /// What is wrong with a document, a line each.
    func errors(in document: JSON, by file: String) -> [String] {
        guard let schema = files[file] else { return ["there is no schema \(file)"] }
        return check(document, schema, in: file, at: "$")
    }

    private static let suffix = ".schema.json"
    private static let annotations: Set = ["$schema", "$defs", "title", "description"]

    private func check(_ value: JSON, _ schema: JSON, in file: String, at path: String) -> [String] {
        let keywords = schema.members.filter { !Self.annotations.contains($0.key) }.sorted { $0.key < $1.key }
        return keywords.flatMap { keyword, rule in
            check(value, keyword, rule, schema, in: file, at: path)
        }
    }

    private func check(
        _ value: JSON,
        _ keyword: String,
        _ rule: JSON,
        _ schema: JSON,
        in file: String,
        at path: String
    ) -> [String] {
        func failed(_ isRight: Bool, _ message: String) -> [String] { isRight ? [] : ["\(path): \(message)"] }
        switch keyword {
        case "$ref": return follow(rule.string ?? "", value, in: file, at: path)
        case "type": return failed(Self.isOf(rule.string ?? "", value), "\(value) is no \(rule.string ?? "")")
        case "const": return failed(value == rule, "\(value) is not \(rule)")
        case "enum": return failed(rule.elements.contains(value), "\(value) is none of \(rule.elements)")
        case "minimum":
            guard case .number(let number) = value, case .number(let least) = rule else { return [] }
            return failed(number >= least, "\(number) is less than \(least)")
        case "pattern":
            guard let text = value.string, let pattern = try? Regex(rule.string ?? "") else { return [] }
            return failed(text.contains(pattern), "\(text) does not match \(rule.string ?? "")")
        case "required":
            let missing = rule.elements.compactMap(\.string).filter { value[$0] == nil }
            return failed(missing.isEmpty, "has no \(missing)")
        case "properties":
            return value.members.sorted { $0.key < $1.key }.flatMap { key, member in
                rule[key].map { check(member, $0, in: file, at: "\(path).\(key)") } ?? []
            }
        case "additionalProperties":
            let extra = value.members.keys.filter { schema["properties"]?[$0] == nil }.sorted()
            return failed(rule != .bool(false) || extra.isEmpty, "has \(extra), too")
        case "items":
            return value.elements.enumerated().flatMap { index, element in
                check(element, rule, in: file, at: "\(path)[\(index)]")
            }
        case "anyOf", "oneOf":
            let outcomes = rule.elements.map { check(value, $0, in: file, at: path) }
            let count = outcomes.count { $0.isEmpty }
            if count == 1 || (count > 1 && keyword == "anyOf") { return [] }
            return ["\(path): fits \(count) of \(outcomes.count) choices"]
                + (outcomes.min { $0.count < $1.count } ?? [])
        default: return ["\(file): \(keyword) is not known to these tests"]
        }
    }

    /// Goes on with the schema that a reference names: of this file, or of one beside it.
    private func follow(_ reference: String, _ value: JSON, in file: String, at path: String) -> [String] {
        let parts = reference.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let target = parts[0].isEmpty ? file : parts[0].replacing(Self.suffix, with: "")
        var schema = files[target]
        for key in (parts.count > 1 ? parts[1] : "").split(separator: "/") { schema = schema?[String(key)] }
        guard let schema else { return ["\(file): there is no \(reference)"] }
        return check(value, schema, in: target, at: path)
    }

    private static func isOf(_ type: String, _ value: JSON) -> Bool {
        switch (type, value) {
        case ("object", .object), ("array", .array), ("string", .string), ("boolean", .bool), ("null", .null),
            ("number", .number):
            true
        case ("integer", .number(let number)): number == number.rounded()
        default: false
        }
    }
}
