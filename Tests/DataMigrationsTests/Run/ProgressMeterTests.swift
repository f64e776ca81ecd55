import Testing

@testable import DataMigrations

@Suite struct ProgressMeterTests {
    private func batch(_ rows: Int, position: Int? = nil) -> BatchProgress {
        let counters = ChangeCounters(visited: rows)
        return BatchProgress(counters: counters, size: rows, duration: .zero, position: position, quarantined: [])
    }

    @Test func ratesAndRestGoByTheLastSeconds() throws {
        let info = ReadingInfo(label: "users", total: .rows(10_000), done: ChangeCounters(visited: 2_000))
        var meter = ProgressMeter(info, at: .seconds(100))
        #expect(meter.fraction == 0.2)
        for second in 1...4 { meter.add(batch(1_000), at: .seconds(100 + second)) }
        #expect(meter.fraction == 0.6)
        #expect(meter.rowsPerSecond == 1_000)
        #expect(meter.remaining == .seconds(4))
        #expect(meter.elapsed(at: .seconds(104)) == .seconds(4))
        for second in 1...20 { meter.add(batch(100), at: .seconds(104 + second)) }
        #expect(meter.rowsPerSecond < 200)
    }

    @Test func aFileIsMeasuredInBytes() {
        let info = ReadingInfo(label: "x.csv", total: .bytes(1_000), done: ChangeCounters(), position: 100)
        var meter = ProgressMeter(info, at: .zero)
        meter.add(batch(7, position: 550), at: .seconds(1))
        #expect(meter.fraction == 0.55)
        #expect(meter.remaining == .seconds(1))
    }

    @Test func withoutATotalThereIsNoEstimate() {
        var meter = ProgressMeter(ReadingInfo(label: "x", total: nil, done: ChangeCounters()), at: .zero)
        meter.add(batch(7), at: .seconds(1))
        #expect(meter.fraction == nil)
        #expect(meter.remaining == nil)
        #expect(meter.rowsPerSecond == 7)
    }
}
