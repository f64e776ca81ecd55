import Foundation
import FuzzTargets

/// The target that `AZU_FUZZ_TARGET` names.
enum ChosenTarget {
    static func get() -> FuzzTarget {
        let name = ProcessInfo.processInfo.environment["AZU_FUZZ_TARGET"] ?? ""
        if let target = FuzzTarget.all.first(where: { $0.name == name }) { return target }
        let names = FuzzTarget.all.map { $0.name }.joined(separator: ", ")
        FileHandle.standardError.write(Data("azu-fuzz: AZU_FUZZ_TARGET must be one of \(names)\n".utf8))
        exit(64)
    }
}
