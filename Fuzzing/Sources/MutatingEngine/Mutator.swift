/// Makes inputs of others, by chance.
struct Mutator {
    private var random: SplitMix
    private let corpus: [[UInt8]]
    private let words: [[UInt8]]
    private let longest: Int

    init(seed: UInt64, corpus: [[UInt8]], words: [[UInt8]], longest: Int) {
        random = SplitMix(state: seed)
        self.corpus = corpus.isEmpty ? [[]] : corpus
        self.words = words.isEmpty ? [[0], [0xff, 0xff, 0xff, 0xff]] : words
        self.longest = longest
    }

    /// An input of the corpus with some changes.
    mutating func next() -> [UInt8] {
        var bytes = corpus[below(corpus.count)]
        for _ in 0...below(6) { change(&bytes) }
        return Array(bytes.prefix(longest))
    }

    private mutating func change(_ bytes: inout [UInt8]) {
        let place = below(bytes.count + 1)
        let end = place + below(min(bytes.count - place, 32) + 1)
        switch below(8) {
        case 0 where place < bytes.count: bytes[place] ^= 1 << UInt8(below(8))
        case 1 where place < bytes.count: bytes[place] = UInt8(below(256))
        case 2 where place < bytes.count: bytes[place] = UInt8(ascii: "0") + UInt8(below(10))
        case 3: bytes.removeSubrange(place..<end)
        case 4: bytes.insert(contentsOf: Array(bytes[place..<end]), at: below(bytes.count + 1))
        case 5:
            // From there on, what another one has.
            let other = corpus[below(corpus.count)]
            bytes.replaceSubrange(place..., with: other[below(other.count + 1)...])
        case 6: bytes.insert(contentsOf: words[below(words.count)], at: place)
        case 7: bytes.replaceSubrange(place..<end, with: words[below(words.count)])
        default: bytes.insert(UInt8(below(256)), at: place)
        }
    }

    private mutating func below(_ limit: Int) -> Int { Int(random.next() % UInt64(limit)) }
}

/// Numbers that are the same in each run with a seed.
private struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
