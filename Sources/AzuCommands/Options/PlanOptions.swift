import ArgumentParser
import DataMigrations

/// How much a preview tries, and tells.
struct PlanOptions: ParsableArguments {
    @Option(help: ArgumentHelp("How many rows a sampled batch has.", valueName: "n"))
    var sample = 1_000

    @Option(help: ArgumentHelp("How many rows are shown before and after.", valueName: "n"))
    var show = 10

    @Flag(help: "Count the rows to visit, however long that takes.")
    var exact = false

    func validate() throws {
        guard sample > 0 else { throw ValidationError("--sample takes a number from 1 on") }
        guard show >= 0 else { throw ValidationError("--show takes a number from 0 on") }
    }

    var options: PreviewOptions { PreviewOptions(sample: sample, shownRows: show, isExact: exact) }
}
