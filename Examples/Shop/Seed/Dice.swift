/// Random numbers that are the same each time: SplitMix64, by Guy Steele, Doug Lea and Christine Flood.
struct Dice: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    /// A number from 0 on, below a limit.
    mutating func roll(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }

    /// Whether something happens that does so this many times in a hundred.
    mutating func chance(_ percent: Int) -> Bool { roll(100) < percent }

    /// One of several.
    mutating func pick<T>(_ choices: [T]) -> T { choices[roll(choices.count)] }
}
