import Database
import TestSupport

/// Bytes, of which many begin alike, and none at all.
struct BytesKey: KeyKind {
    let type: String

    init(in store: Store, using random: inout SplitMix) {
        type = store == .sqlite ? "BLOB" : "bytea"
    }

    func value(using random: inout SplitMix) -> Value {
        var bytes: [UInt8] = []
        for _ in 0..<random.below(4) { bytes.append(random.pick([0x00, 0x27, 0x5C, 0x7F, 0x80, 0xFF])) }
        for _ in 0..<random.below(8) { bytes.append(UInt8(random.below(256))) }
        return .blob(bytes)
    }
}
