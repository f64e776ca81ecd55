import Database
import Synchronization

/// A connection on which something happens each time that a slice of a table is hashed.
final class BrokenConnection: DatabaseConnection {
    private let sound: any DatabaseConnection
    private let count = Mutex(0)
    private let onSlice: @Sendable (_ number: Int) throws -> Void

    /// Hands `onSlice` the number of the slice that is to be hashed, counted from 1; it may throw.
    init(_ sound: any DatabaseConnection, onSlice: @escaping @Sendable (_ number: Int) throws -> Void = { _ in }) {
        self.sound = sound
        self.onSlice = onSlice
    }

    /// How many slices were asked for.
    var slices: Int { count.withLock { $0 } }

    var dialect: any Dialect { sound.dialect }

    func run(_ statements: [Statement]) async throws -> [StatementResult] {
        for statement in statements where isSlice(statement) {
            let number = count.withLock { count in
                count += 1
                return count
            }
            try onSlice(number)
        }
        return try await sound.run(statements)
    }

    func schema(of table: String) async throws -> TableSchema? { try await sound.schema(of: table) }

    func close() async { await sound.close() }

    private func isSlice(_ statement: Statement) -> Bool {
        guard case .query(let sql) = statement.action else { return false }
        return sql.rendered(for: dialect).text.contains("azu_low")
    }
}
