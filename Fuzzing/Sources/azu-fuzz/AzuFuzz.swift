import FuzzTargets
import MutatingEngine

/// Where there is no libFuzzer, the package's own engine.
@main
enum AzuFuzz {
    static func main() {
        let target = ChosenTarget.get()
        MutatingEngine.run { target.check($0) }
    }
}
