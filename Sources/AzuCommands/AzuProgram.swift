import ArgumentParser
public import DataMigrations
import Foundation

/// The command line: of the `azu` tool, and of a project's own `Migrations` program, which is the same and has the
/// project's migrations compiled in.
public enum AzuProgram {
    /// The migrations of this program, or those in SQL of a project without one; `nil` where there is neither.
    @TaskLocal static var plan: MigrationPlan?
    /// What this program wants to be told of runs.
    @TaskLocal static var hooks: [any RunHooks] = []

    /// Reads the arguments, does what they say, and ends the process with the exit code of the outcome.
    ///
    /// - Parameters:
    ///   - plan: the program's migrations: `.discovered` is what the `MigrationRegistry` plugin found.
    ///   - hooks: what is told of the turns of all runs.
    public static func main(plan: MigrationPlan? = nil, hooks: [any RunHooks] = []) async -> Never {
        let arguments = CompletionsCommand.translated(Array(CommandLine.arguments.dropFirst()))
        Allocator.keepSmall()
        // A reader that went away, as in `| head`, must not end a run: writing to it fails instead, see `Console`.
        signal(SIGPIPE, SIG_IGN)
        if CompletionsCommand.answer(arguments, plan: plan) { Foundation.exit(AzuExitCode.done.rawValue) }
        do {
            try CommandSuggestion.check(arguments)
            let plan = try plan ?? ProjectHandover(arguments: arguments).becomeProject()
            try plan?.validate()
            try await $plan.withValue(plan) { try await $hooks.withValue(hooks) { try await run(arguments) } }
            Foundation.exit(AzuExitCode.done.rawValue)
        } catch let exit as ExitCode {
            Foundation.exit(exit.rawValue)
        } catch let failure as CommandFailure {
            fail(failure)
        } catch let error as MigrationError where error.code == .verification {
            fail(CommandFailure(error.description, code: .verification, rows: error.rows))
        } catch  where [ExitCode.success, .validationFailure].contains(AzuCommand.exitCode(for: error)) {
            // Help, the version, and wrong usage, in ArgumentParser's words.
            AzuCommand.exit(withError: error)
        } catch {
            fail(CommandFailure(String(describing: error)))
        }
    }

    /// Says why a command failed, and ends the process.
    private static func fail(_ failure: CommandFailure) -> Never {
        for row in failure.rows { Console.write("  \(row)\n", to: .standardError) }
        Console.error(failure.message)
        Foundation.exit(failure.code.rawValue)
    }

    private static func run(_ arguments: [String]) async throws {
        var command = try parse(arguments)
        if var asynchronous = command as? any AsyncParsableCommand {
            try await asynchronous.run()
        } else {
            try command.run()
        }
    }

    /// Reads the arguments; help, the version and wrong usage end the process here.
    private static func parse(_ arguments: [String]) throws -> any ParsableCommand {
        do {
            return try AzuCommand.parseAsRoot(arguments)
        } catch {
            AzuCommand.exit(withError: error)
        }
    }
}
