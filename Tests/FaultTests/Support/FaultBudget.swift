import Foundation
import TestSupport

/// How many faults there are time for: `AZU_FAULTS=full` has all of them, `AZU_FAULTS=3` every third statement struck.
enum FaultBudget {
    static let isFull = ProcessInfo.processInfo.environment["AZU_FAULTS"] == "full"

    /// All cases, or one of so many, which are others each day.
    static func some<T>(_ cases: [T], of step: Int) -> [T] {
        if isFull { return cases }
        return stride(from: day % step, to: cases.count, by: step).map { cases[$0] }
    }

    private static let every =
        ProcessInfo.processInfo.environment["AZU_FAULTS"].flatMap { Int($0) }.map { max(1, $0) } ?? 31
    private static let day = Int(Date.now.timeIntervalSince1970 / 86_400)

    /// A sweep over all statements, or over a part of them that is another one each day.
    static func sweep(_ title: String, _ store: Store, of kind: InjectedFault.Kind) -> Sweep {
        guard let work = Work.titled(title) else { fatalError("there is no work \(title)") }
        if isFull { return Sweep(work: work, store: store) }
        // A process costs twice as much.
        let step = kind == .killed ? 2 * every : every
        return Sweep(
            work: work,
            store: store,
            step: step,
            start: (day + (InjectedFault.Kind.allCases.firstIndex(of: kind) ?? 0)) % step
        )
    }
}
