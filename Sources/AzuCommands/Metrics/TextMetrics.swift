import CoreMetrics
import Synchronization

/// Holds metrics in memory, and writes them as text in the format of Prometheus.
final class TextMetrics: MetricsFactory {
    private struct Key: Hashable {
        var name: String
        var labels: String
    }

    private let series = Mutex<[Key: MetricSeries]>([:])

    /// A line for each value, after a line with the type for each name, in the order of their names.
    var text: String {
        let all = series.withLock { $0 }.sorted { ($0.key.name, $0.key.labels) < ($1.key.name, $1.key.labels) }
        var text = ""
        var last = ""
        for (key, series) in all {
            if key.name != last { text += "# TYPE \(key.name) \(series.kind.rawValue)\n" }
            last = key.name
            for (suffix, value) in series.values { text += "\(key.name)\(suffix)\(key.labels) \(value)\n" }
        }
        return text
    }

    func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        handler(label, dimensions, .counter)
    }

    func makeFloatingPointCounter(label: String, dimensions: [(String, String)]) -> any FloatingPointCounterHandler {
        handler(label, dimensions, .counter)
    }

    func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        handler(label, dimensions, .gauge)
    }

    func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        handler(label, dimensions, aggregate ? .summary : .gauge)
    }

    func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        handler(label, dimensions, .summary)
    }

    // What was counted stays.
    func destroyCounter(_ handler: any CounterHandler) {}
    func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    func destroyMeter(_ handler: any MeterHandler) {}
    func destroyRecorder(_ handler: any RecorderHandler) {}
    func destroyTimer(_ handler: any TimerHandler) {}

    private func handler(
        _ name: String,
        _ dimensions: [(String, String)],
        _ kind: MetricSeries.Kind
    ) -> MetricSeries {
        let labels = dimensions.map { "\($0)=\"\(Self.escaped($1))\"" }.joined(separator: ",")
        let key = Key(name: name, labels: labels.isEmpty ? "" : "{\(labels)}")
        return series.withLock { series in
            if let known = series[key] { return known }
            let new = MetricSeries(kind)
            series[key] = new
            return new
        }
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}

/// The values of one name with one set of labels.
final class MetricSeries: CounterHandler, FloatingPointCounterHandler, MeterHandler, RecorderHandler, TimerHandler {
    /// How Prometheus calls it.
    enum Kind: String, Sendable {
        case counter, gauge, summary
    }

    let kind: Kind
    private let state = Mutex((sum: 0.0, count: 0))

    init(_ kind: Kind) { self.kind = kind }

    /// What is written, each with what stands behind the name.
    var values: [(suffix: String, value: String)] {
        let (sum, count) = state.withLock { $0 }
        let text = sum == sum.rounded() && abs(sum) < 1e15 ? "\(Int(sum))" : "\(sum)"
        return kind == .summary ? [("_count", "\(count)"), ("_sum", text)] : [("", text)]
    }

    func increment(by amount: Int64) { increment(by: Double(amount)) }
    func increment(by amount: Double) { state.withLock { $0.sum += amount } }
    func decrement(by amount: Double) { increment(by: -amount) }
    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { state.withLock { $0.sum = value } }
    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        state.withLock { state in
            state.sum = kind == .gauge ? value : state.sum + value
            state.count += 1
        }
    }

    /// Durations are in seconds.
    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }

    func reset() { state.withLock { $0 = (0, 0) } }
}
