import Foundation

/// Tries inputs that are made of those of a corpus, for toolchains without libFuzzer, whose options it takes.
///
/// It knows nothing of coverage. A crash, or a hang, ends a process of its own, so that the input can be kept.
public enum MutatingEngine {
    /// Tries the files, or what is made of the folders, that the command line names; does not return.
    ///
    /// - Parameter check: what is asked for each input; crashes where something is wrong.
    public static func run(_ check: @escaping (UnsafeRawBufferPointer) -> Void) -> Never {
        let options = Options(CommandLine.arguments)
        let environment = ProcessInfo.processInfo.environment
        guard let path = environment[CurrentInput.variable], let current = CurrentInput(path: path) else {
            exit(Supervisor(options: options, environment: environment).run())
        }
        Worker(options: options, current: current, check: check).run()
        exit(0)
    }

    /// Tells what happens, beside what the targets print.
    static func say(_ text: String) { FileHandle.standardError.write(Data("\(text)\n".utf8)) }
}
