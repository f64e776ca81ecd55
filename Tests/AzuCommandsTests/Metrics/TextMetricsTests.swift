import CoreMetrics
import Testing

@testable import AzuCommands

@Suite struct TextMetricsTests {
    @Test func everyKindIsWrittenAsPrometheusReadsIt() {
        let metrics = TextMetrics()
        Counter(label: "rows_total", dimensions: [("name", "a")], factory: metrics).increment(by: 3)
        Counter(label: "rows_total", dimensions: [("name", "a")], factory: metrics).increment(by: 4)
        Counter(label: "rows_total", dimensions: [("name", "b\"\\\n")], factory: metrics).increment()
        FloatingPointCounter(label: "seconds_total", factory: metrics).increment(by: 0.25)
        FloatingPointCounter(label: "seconds_total", factory: metrics).increment(by: 0.5)
        let gauge = Meter(label: "waiting", factory: metrics)
        gauge.set(1)
        gauge.set(0)
        let timer = Timer(label: "duration_seconds", factory: metrics)
        timer.recordNanoseconds(1_500_000_000)
        timer.recordNanoseconds(500_000_000)
        Recorder(label: "size_rows", dimensions: [], aggregate: true, factory: metrics).record(500)
        #expect(
            metrics.text == #"""
                # TYPE duration_seconds summary
                duration_seconds_count 2
                duration_seconds_sum 2
                # TYPE rows_total counter
                rows_total{name="a"} 7
                rows_total{name="b\"\\\n"} 1
                # TYPE seconds_total counter
                seconds_total 0.75
                # TYPE size_rows summary
                size_rows_count 1
                size_rows_sum 500
                # TYPE waiting gauge
                waiting 0

                """#
        )
    }
}
