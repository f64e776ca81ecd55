import DataMigrations
import Foundation
import Synchronization

/// For a terminal: one line that is drawn anew.
///
///     ███████████▌                41 %  412 000 rows  103 000 rows/s  batch 10 000  4.0 s  left 5.8 s
final class ProgressBar: ProgressObserver {
    private static let interval = Duration.milliseconds(80)
    private let verbose: Bool
    private let state = Mutex<(meter: ProgressMeter?, last: Duration)>((nil, .zero))

    init(verbose: Bool) { self.verbose = verbose }

    func observe(_ event: ProgressEvent) {
        let now = Uptime.now
        switch event {
        case .reading(let info): state.withLock { $0 = (ProgressMeter(info, at: now), .zero) }
        case .batch(let batch):
            if verbose { say(ProgressLine.text(batch)) }
            let line = state.withLock { state -> String? in
                state.meter?.add(batch, at: now)
                guard let meter = state.meter, now - state.last >= Self.interval else { return nil }
                state.last = now
                let text = ProgressLine.text(meter, at: now)
                return Self.bar(meter.fraction, width: Self.width(beside: text, columns: Self.columns)) + text
            }
            if let line { draw(line) }
        case .finished:
            clear()
            state.withLock { $0.meter = nil }
        case .started, .retrying, .waiting, .throttled, .message, .sweeping:
            if let text = ProgressLine.text(event) { say(text) }
        }
    }

    private func say(_ text: String) {
        clear()
        Console.note(text)
    }

    private func draw(_ line: String) {
        Console.write("\r\u{1B}[2K" + line.prefix(Self.columns - 1), to: .standardError)
    }

    private func clear() { Console.write("\r\u{1B}[2K", to: .standardError) }

    private static var columns: Int {
        var size = winsize()
        return ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 ? Int(size.ws_col) : 80
    }

    /// How wide the bar may be so that the text has its place, in steps, lest it dances.
    static func width(beside text: String, columns: Int) -> Int {
        [24, 16, 8].first { $0 + 2 + text.count < columns } ?? 0
    }

    static func bar(_ fraction: Double?, width: Int) -> String {
        guard let fraction, width > 0 else { return "" }
        let eighths = Int((fraction * Double(width) * 8).rounded(.down))
        var bar = String(repeating: "█", count: eighths / 8)
        if eighths % 8 > 0, let part = Unicode.Scalar(0x2590 - UInt32(eighths % 8)) { bar.unicodeScalars.append(part) }
        return bar + String(repeating: "·", count: max(0, width - bar.count)) + "  "
    }
}
