import FuzzTargets

private let chosen = ChosenTarget.get()

/// What libFuzzer asks for each input; the program's `main` is libFuzzer's own.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    chosen.check(UnsafeRawBufferPointer(start: bytes, count: count))
    return 0
}
