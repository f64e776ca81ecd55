import Database
import Foundation
import SQLiteDriver

extension Workspace {
    /// Every table with its rows, and what SQLite says of its tables.
    func contents() async throws -> [String: [String]] {
        let connection = try await connect()
        let objects = try await connection.query("SELECT type, name, sql FROM sqlite_master")
        var tables = ["sqlite_master": objects.map { "\($0.values)" }.sorted()]
        for object in objects where object[0].text == "table" {
            let name = object[1].text ?? ""
            let rows = try await connection.query("SELECT * FROM \(identifier: name)")
            tables[name] = rows.map { "\($0.values)" }.sorted()
        }
        await connection.close()
        return tables
    }
}

extension Program.Outcome {
    /// What was printed, line by line.
    var lines: [String] { output.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init) }

    /// What was printed, one JSON object a line.
    func objects() throws -> [[String: Any]] {
        try lines.map { line in
            guard let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] else {
                throw NoObject(line: line)
            }
            return object
        }
    }

    private struct NoObject: Error {
        var line: String
    }
}
