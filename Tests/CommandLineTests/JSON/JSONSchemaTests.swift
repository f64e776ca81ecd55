import Testing

/// What checks the output must itself be able to fail.
@Suite struct JSONSchemaTests {
    private func errors(_ document: String, _ schema: String) throws -> [String] {
        let common = try JSON(#"{"$defs": {"name": {"type": "string", "pattern": "^[a-z]+$"}}}"#)
        return try JSONSchemas(["it": JSON(schema), "common": common]).errors(in: JSON(document), by: "it")
    }

    static let cases: [(schema: String, right: [String], wrong: [String])] = [
        (#"{"type": "integer", "minimum": 0}"#, ["0", "3"], ["-1", "0.5", "\"3\"", "true", "null"]),
        (#"{"type": "boolean"}"#, ["true"], ["1", "\"true\""]),
        (#"{"const": "a"}"#, ["\"a\""], ["\"b\"", "1"]),
        (#"{"enum": ["a", 1]}"#, ["\"a\"", "1"], ["\"b\"", "true"]),
        (#"{"type": "array", "items": {"type": "string"}}"#, ["[]", "[\"a\"]"], ["[1]", "{}"]),
        (
            #"{"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"], "#
                + #""additionalProperties": false}"#,
            [#"{"a": "x"}"#], ["{}", #"{"a": 1}"#, #"{"a": "x", "b": 1}"#, "[]"]
        ),
        (#"{"$ref": "common.schema.json#/$defs/name"}"#, ["\"abc\""], ["\"a1\"", "1"]),
        (##"{"$ref": "#/$defs/x", "$defs": {"x": {"const": 1}}}"##, ["1"], ["2"]),
        (#"{"oneOf": [{"type": "number"}, {"const": 1}]}"#, ["2"], ["1", "\"x\""]),
        (#"{"anyOf": [{"type": "number"}, {"const": 1}]}"#, ["2", "1"], ["\"x\""]),
        (#"{"maxLength": 1}"#, [], ["\"a\""]),
        (#"{"$ref": "gone.schema.json"}"#, [], ["1"]),
    ]

    @Test(arguments: cases.indices) func aDocumentIsHeldAgainstASchema(_ index: Int) throws {
        let (schema, right, wrong) = Self.cases[index]
        for document in right { #expect(try errors(document, schema) == []) }
        for document in wrong {
            let found = try errors(document, schema)
            #expect(!found.isEmpty, "\(document) by \(schema)")
        }
    }
}
