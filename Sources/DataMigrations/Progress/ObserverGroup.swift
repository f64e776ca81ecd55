/// Several observers as one.
///
/// Each takes every event, in their order. Around work, the first one stands outermost.
public struct ObserverGroup: ProgressObserver {
    /// The observers.
    public let observers: [any ProgressObserver]

    /// Makes a group.
    public init(_ observers: [any ProgressObserver]) { self.observers = observers }

    /// Makes a group.
    public init(_ observers: any ProgressObserver...) { self.observers = observers }

    /// Passes an event on.
    public func observe(_ event: ProgressEvent) {
        for observer in observers { observer.observe(event) }
    }

    /// Has work done, with all observers around it.
    public func during(_ scope: RunScope, _ work: () async throws -> RunOutcome) async throws -> RunOutcome {
        try await Self.nest(observers[...], scope, work)
    }

    private static func nest(
        _ observers: ArraySlice<any ProgressObserver>,
        _ scope: RunScope,
        _ work: () async throws -> RunOutcome
    ) async throws -> RunOutcome {
        guard let outermost = observers.first else { return try await work() }
        return try await outermost.during(scope) { try await nest(observers.dropFirst(), scope, work) }
    }
}
