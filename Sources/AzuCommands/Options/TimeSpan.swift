import ArgumentParser

/// A time span on the command line: `30d`, `12h`, `45m`, `10s`.
struct TimeSpan: ExpressibleByArgument {
    let text: String
    let seconds: Int

    var duration: Duration { .seconds(seconds) }

    /// `1s`.
    static let second = TimeSpan(text: "1s", seconds: 1)

    /// `1m`.
    static let minute = TimeSpan(text: "1m", seconds: 60)

    private init(text: String, seconds: Int) {
        self.text = text
        self.seconds = seconds
    }

    var defaultValueDescription: String { text }

    init?(argument: String) {
        let units = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
        guard let unit = argument.last.flatMap({ units[String($0)] }), let count = Int(argument.dropLast()), count >= 0
        else { return nil }
        let (seconds, overflow) = count.multipliedReportingOverflow(by: unit)
        guard !overflow else { return nil }
        text = argument
        self.seconds = seconds
    }
}
