import Foundation

/// Tries inputs, one after the other.
struct Worker {
    /// What makes a run the same as another one.
    static let seedVariable = "AZU_FUZZ_SEED"

    let options: Options
    let current: CurrentInput
    let check: (UnsafeRawBufferPointer) -> Void

    func run() {
        let inputs = options.inputs
        for (path, bytes) in inputs {
            if options.isReplay { MutatingEngine.say("Running: \(path)") }
            attempt(bytes)
        }
        if options.isReplay { return }
        let seed = ProcessInfo.processInfo.environment[Self.seedVariable].flatMap(UInt64.init) ?? 1
        MutatingEngine.say("azu-fuzz: seed \(seed), \(inputs.count) inputs to start from")
        var mutator = Mutator(
            seed: seed,
            corpus: inputs.map { $0.bytes },
            words: options.dictionary.map(Words.read) ?? [],
            longest: options.longest
        )
        var count = inputs.count
        let end = Date(timeIntervalSinceNow: options.seconds)
        while Date.now < end {
            for _ in 0..<100 { attempt(mutator.next()) }
            count += 100
        }
        MutatingEngine.say("stat::number_of_executed_units: \(count)")
    }

    private func attempt(_ bytes: [UInt8]) {
        current.set(bytes)
        // SIGALRM ends the process.
        alarm(options.timeout)
        bytes.withUnsafeBytes { check($0) }
        alarm(0)
    }
}
