import Configuration
import DataMigrations
import Foundation

/// The values of settings, as what they are.
extension Settings {
    /// - Throws: ``CommandFailure`` for a value that the setting does not take.
    func text(_ setting: Setting) throws -> String? {
        if case .string(let text)? = try find(setting)?.content { text } else { nil }
    }

    /// - Throws: ``CommandFailure`` for a value that the setting does not take.
    func integer(_ setting: Setting) throws -> Int? {
        if case .int(let number)? = try find(setting)?.content { number } else { nil }
    }

    /// - Throws: ``CommandFailure`` for a value that the setting does not take.
    func number(_ setting: Setting) throws -> Double? {
        if case .double(let number)? = try find(setting)?.content { number } else { nil }
    }

    /// Whether something is wanted; not, where nobody says anything.
    ///
    /// - Throws: ``CommandFailure`` for a value that the setting does not take.
    func isOn(_ setting: Setting) throws -> Bool {
        if case .bool(let isOn)? = try find(setting)?.content { isOn } else { false }
    }

    /// - Throws: ``CommandFailure`` for a value that the setting does not take.
    func texts(_ setting: Setting) throws -> [String] {
        if case .stringArray(let texts)? = try find(setting)?.content { texts } else { [] }
    }

    /// A file; a relative path starts at the project's folder.
    ///
    /// - Throws: ``CommandFailure`` for a value that the setting does not take.
    func file(_ setting: Setting) throws -> URL? {
        try text(setting).map { $0.hasPrefix("/") ? URL(filePath: $0) : root.appending(path: $0) }
    }

    /// How many workers a run has.
    ///
    /// - Throws: ``CommandFailure`` for a value that the setting does not take.
    var workers: Int { get throws { try integer(.workers) ?? 1 } }

    /// The limits of a run that begins now.
    ///
    /// - Throws: ``CommandFailure`` for a value that a setting does not take.
    func limits() throws -> RunLimits {
        let throttle = try texts(.throttle).compactMap(ThrottleOption.init(argument:))
        var signals = ThrottleOption.signals(throttle)
        if let query = try text(.throttleQuery) { signals.append(LoadQuery(query)) }
        return RunLimits(
            signals: signals,
            latencyGrowth: ThrottleOption.latencyGrowth(throttle),
            rowsPerSecond: try number(.maxRowsPerSecond),
            window: try text(.window).flatMap { TimeWindow($0) },
            runTime: try text(.runTime).flatMap(TimeSpan.init(argument:))?.duration,
            pauseFile: try file(.pauseFile),
            retry: try text(.retryFor).flatMap(TimeSpan.init(argument:)).map { RetryPolicy(limit: $0.duration) }
                ?? RetryPolicy()
        )
    }
}
