import Synchronization

/// Runs jobs on the thread that waits for them, so that a crash has one stack.
private final class InlineExecutor: TaskExecutor {
    private let jobs = Mutex<[UnownedJob]>([])
    private let done = Atomic(false)

    var isDone: Bool { done.load(ordering: .sequentiallyConsistent) }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        jobs.withLock { $0.append(job) }
    }

    func runAll() {
        while let job = jobs.withLock({ $0.popLast() }) { job.runSynchronously(on: asUnownedTaskExecutor()) }
    }

    func finish() { done.store(true, ordering: .sequentiallyConsistent) }
}

/// Waits for what waits for nothing but itself: the readers are `async` for sources that do.
func blocking(_ body: @escaping @Sendable () async -> Void) {
    let executor = InlineExecutor()
    Task(executorPreference: executor) {
        await body()
        executor.finish()
    }
    executor.runAll()
    require(executor.isDone, "a reader waits for something else")
}
