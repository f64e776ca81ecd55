import Database
import Foundation
import TestSupport

/// A process that does a work and is killed at one of its statements.
///
///     azu-fault STORE URL|PATH WORK FOLDER STATEMENT before|after
@main
struct FaultChild {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 7, let store = Store(rawValue: arguments[1]), let place = Int(arguments[5]),
            let work = Work.all.first(where: { $0.title == arguments[3] })
        else { exit(64) }
        let (address, fault) = (arguments[2], InjectedFault(.killed, at: place, isAfter: arguments[6] == "after"))
        let connection = try await FaultyConnection(fault) { try await store.open(address) }
        try await work.act(connection, URL(filePath: arguments[4], directoryHint: .isDirectory))
        // The statement was not reached.
        exit(0)
    }
}
