/// A parser, and what must hold of it for any input.
public struct FuzzTarget: Sendable {
    /// What `AZU_FUZZ_TARGET` calls it, and the folders of its inputs.
    public let name: String
    private let body: @Sendable (UnsafeRawBufferPointer) -> Void

    /// All of them.
    public static let all: [FuzzTarget] = [
        FuzzTarget("csv", CSVTarget.check),
        FuzzTarget("json", JSONArrayTarget.check),
        FuzzTarget("json-lines", JSONLinesTarget.check),
        FuzzTarget("gunzip", GunzipTarget.check),
        FuzzTarget("dates", DatesTarget.check),
        FuzzTarget("url", URLTarget.check),
        FuzzTarget("sql-file", SQLFileTarget.check),
        FuzzTarget("values", StoredValuesTarget.check),
        FuzzTarget("cursors", CursorsTarget.check),
        FuzzTarget("journal", JournalTarget.check),
        FuzzTarget("fields", FieldsTarget.check),
        FuzzTarget("numeric", NumericTarget.check),
        FuzzTarget("arrays", ArraysTarget.check),
    ]

    private init(_ name: String, _ body: @escaping @Sendable (UnsafeRawBufferPointer) -> Void) {
        self.name = name
        self.body = body
    }

    /// Asks the parser; where something does not hold, the program ends as a crash does.
    public func check(_ input: UnsafeRawBufferPointer) { body(input) }
}
