import AzuCommands
import DataMigrations

/// The five reference jobs that `script/bench peers` times, through the real command line.
@main
struct PeerMigrations {
    static func main() async { await AzuProgram.main(plan: .discovered) }
}
