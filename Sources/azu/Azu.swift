import AzuCommands

@main
struct Azu {
    static func main() async { await AzuProgram.main() }
}
