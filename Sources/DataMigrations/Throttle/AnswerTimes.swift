/// How long the database takes to answer, while no batch is under way: what others are used to.
///
/// It is measured by a commit that waits for the database's log, as those of others do. Disks have spells in which all
/// takes longer; so the slowest of each few answers is looked at, which is near the 95th percentile, and the median of
/// those counts.
struct AnswerTimes: Sendable {
    /// How many answers make one time.
    static let together = 15
    /// How many times are remembered.
    static let remembered = 7
    /// With fewer of them, nothing can be said.
    static let needed = 3
    /// How much longer an answer may take at least: less than that, nobody feels.
    static let unfelt = Duration.microseconds(500)

    private var count = 0
    private var slowest = Duration.zero
    /// The slowest of fifteen answers each, the newest last.
    private var times: [Duration] = []

    /// Takes an answer that came while no batch was under way.
    mutating func take(_ time: Duration) {
        slowest = max(slowest, time)
        count += 1
        guard count == Self.together else { return }
        times.append(slowest)
        if times.count > Self.remembered { times.removeFirst() }
        (count, slowest) = (0, .zero)
    }

    /// What 95 of 100 answers take at most; `nil` while that can't be said.
    var usual: Duration? { times.count < Self.needed ? nil : times.sorted()[times.count / 2] }

    /// How long an answer may take, if it may take a share longer than usual; `nil` while that can't be said.
    func limit(growth: Double) -> Duration? { usual.map { max($0 * (1 + growth), $0 + Self.unfelt) } }
}
