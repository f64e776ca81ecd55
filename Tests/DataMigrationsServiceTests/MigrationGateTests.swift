import DataMigrations
import DataMigrationsService
import Logging
import Synchronization
import Testing

/// Counts from 1 on.
final class Counter: Sendable {
    private let count = Atomic(0)

    func next() -> Int { count.add(1, ordering: .relaxed).newValue }
}

@Suite struct MigrationGateTests {
    @Test(.timeLimit(.minutes(1))) func whoeverWaitsIsLetInWhenAllIsDone() async throws {
        let workspace = try await ServiceWorkspace(items: 10)
        let gate = MigrationGate()
        let service = MigrationService(.labels(), gate: gate, end: .returns) { try await workspace.runner() }
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for _ in 0..<20 { tasks.addTask { try await gate.waitUntilOpen() } }
            tasks.addTask { try await service.run() }
            try await tasks.waitForAll()
        }
        try await gate.waitUntilOpen()
    }

    @Test(.timeLimit(.minutes(1))) func whoeverIsCancelledWaitsNoLonger() async throws {
        let gate = MigrationGate()
        let waiter = Task { try await gate.waitUntilOpen() }
        waiter.cancel()
        await #expect(throws: CancellationError.self) { try await waiter.value }
        // Also where the task had begun to wait.
        for _ in 0..<200 {
            let task = Task { try await gate.waitUntilOpen() }
            await Task.yield()
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
        }
        #expect(gate.state == .waiting)
    }
}
