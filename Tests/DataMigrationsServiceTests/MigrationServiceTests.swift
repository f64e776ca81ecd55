import DataMigrations
import DataMigrationsService
import Database
import Logging
import ServiceLifecycle
import Testing

@Suite struct MigrationServiceTests {
    private let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    private func group(_ services: [any Service]) -> ServiceGroup { ServiceGroup(services: services, logger: quiet) }

    @Test(.timeLimit(.minutes(1))) func pendingMigrationsRunAtTheStartAndTheGateOpens() async throws {
        let workspace = try await ServiceWorkspace(items: 95)
        let gate = MigrationGate()
        let service = MigrationService(.labels(), gate: gate, logger: quiet) { try await workspace.runner() }
        let group = group([service])
        #expect(gate.state == .waiting)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            try await gate.waitUntilOpen()
            #expect(gate.isOpen)
            // The group goes on until somebody shuts it down.
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
        #expect(gate.isOpen)
        #expect(try await workspace.labelled() == (95, 95))
    }

    @Test(.timeLimit(.minutes(1))) func aShutdownStopsBehindTheBatchAndTheNextStartGoesOn() async throws {
        let workspace = try await ServiceWorkspace(items: 95)
        let (gate, third) = (MigrationGate(), Happening())
        // Slow enough that the run is not through before the shutdown is noticed.
        let service = MigrationService(.labels(), gate: gate, logger: quiet) {
            try await workspace.runner(
                AtBatch(3) { third.happens() },
                limits: RunLimits(signals: [], rowsPerSecond: 20)
            )
        }
        let group = group([service])
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            await third.wait()
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
        #expect(gate.state == .closed("the server shuts down"))
        await #expect(throws: MigrationsNotDone.self) { try await gate.waitUntilOpen() }
        let half = try await workspace.labelled()
        #expect(half.all >= 30 && half.all < 95 && half.all % 10 == 0)
        let left = try await workspace.use {
            try await $0.query("SELECT status FROM data_migration_runs").first?[0].text
        }
        #expect(left == "cancelled")

        let next = MigrationService(.labels(), end: .returns, logger: quiet) { try await workspace.runner() }
        try await next.run()
        #expect(try await workspace.labelled() == (95, 95))
    }

    @Test(.timeLimit(.minutes(1))) func theCancellationOfItsTaskStopsBehindTheBatchToo() async throws {
        let workspace = try await ServiceWorkspace(items: 95)
        let second = Happening()
        let service = MigrationService(.labels(), logger: quiet) {
            try await workspace.runner(
                AtBatch(2) { second.happens() },
                limits: RunLimits(signals: [], rowsPerSecond: 20)
            )
        }
        let task = Task { try await service.run() }
        await second.wait()
        task.cancel()
        try await task.value
        let left = try await workspace.use {
            try await $0.query("SELECT status FROM data_migration_runs").first?[0].text
        }
        #expect(left == "cancelled")
        let half = try await workspace.labelled()
        #expect(half.all >= 20 && half.all < 95 && half.once == half.all)
    }

    @Test(.timeLimit(.minutes(1))) func aFailureEndsTheGroupUnlessItIsToBeTriedAgain() async throws {
        let workspace = try await ServiceWorkspace(items: 20)
        let gate = MigrationGate()
        let service = MigrationService(.labels(bad: [3]), gate: gate, end: .returns, logger: quiet) {
            try await workspace.runner()
        }
        let error = await #expect(throws: MigrationsNotDone.self) { try await service.run() }
        #expect(error?.reason.contains("label_items has rows in quarantine (1)") == true)
        #expect(!gate.isOpen)
        #expect(try await workspace.labelled() == (19, 19))

        // A person settles it while the server tries again.
        let second = MigrationGate()
        let patient = MigrationService(
            .labels(bad: [3]),
            gate: second,
            retryDelay: .milliseconds(50),
            end: .returns,
            logger: quiet
        ) {
            try await workspace.runner()
        }
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await patient.run() }
            while true {
                if case .retrying(let reason) = second.state {
                    #expect(reason.contains("quarantine"))
                    break
                }
                await Task.yield()
            }
            let person = try await workspace.runner()
            #expect(try await person.accept(MigrationPlan.labels().entry) == 1)
            await person.connection.close()
            try await tasks.waitForAll()
        }
        #expect(second.isOpen)
    }

    @Test(.timeLimit(.minutes(1))) func aRunThatSomebodyCancelledIsNotBegunAgainByAServer() async throws {
        let workspace = try await ServiceWorkspace(items: 95)
        let first = Happening()
        let limits = RunLimits(signals: [], rowsPerSecond: 20)
        let service = MigrationService(.labels(), end: .returns, logger: quiet) {
            try await workspace.runner(AtBatch(1) { first.happens() }, limits: limits)
        }
        let task = Task { try await service.run() }
        await first.wait()
        let person = try await workspace.runner()
        try await person.cancel(MigrationPlan.labels().entry)
        let error = await #expect(throws: MigrationsNotDone.self) { try await task.value }
        #expect(error?.reason.contains("cancelled by db:data:cancel") == true)
        #expect(try await person.isCancelledByHand(MigrationPlan.labels().entry))
        let half = try await workspace.labelled().all
        #expect(half < 95)

        let gate = MigrationGate()
        let next = MigrationService(.labels(), gate: gate, retryDelay: .seconds(60), end: .returns, logger: quiet) {
            try await workspace.runner()
        }
        try await next.run()
        if case .closed(let reason) = gate.state {
            #expect(reason.contains("cancelled"))
        } else {
            Issue.record("\(gate.state)")
        }
        #expect(try await workspace.labelled().all == half)
        // Whoever goes on with it by hand settles it.
        _ = try await person.migrate(MigrationPlan.labels().entry)
        #expect(try await !person.isCancelledByHand(MigrationPlan.labels().entry))
        await person.connection.close()
        #expect(try await workspace.labelled() == (95, 95))
    }

    @Test(.timeLimit(.minutes(1))) func aRunnerWhoseTimeIsOverIsNoShutdown() async throws {
        let workspace = try await ServiceWorkspace(items: 10)
        let service = MigrationService(.labels(), end: .returns, logger: quiet) {
            try await workspace.runner(limits: RunLimits(runTime: .zero))
        }
        let error = await #expect(throws: MigrationsNotDone.self) { try await service.run() }
        #expect(error?.reason.contains("time is over") == true)
        #expect(try await workspace.labelled() == (0, 0))
    }

    @Test(.timeLimit(.minutes(1))) func aDatabaseThatIsNotThereYetIsWaitedFor() async throws {
        let workspace = try await ServiceWorkspace(items: 10)
        let attempts = Happening()
        let gate = MigrationGate()
        struct NotThere: Error {}
        let count = Counter()
        let service = MigrationService(
            .labels(),
            gate: gate,
            retryDelay: .milliseconds(20),
            end: .returns,
            logger: quiet
        ) {
            if count.next() < 3 { throw NotThere() }
            attempts.happens()
            return try await workspace.runner()
        }
        try await service.run()
        await attempts.wait()
        #expect(gate.isOpen)
        let impatient = MigrationService(.labels(), logger: quiet) { throw NotThere() }
        await #expect(throws: MigrationsNotDone.self) { try await impatient.run() }
    }
}
