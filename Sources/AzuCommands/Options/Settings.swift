import Database
import Foundation
import PostgresDriver
import SQLiteDriver

/// What the environment and the `.env` files say.
struct Settings {
    /// The project's folder.
    let root: URL
    /// `AZU_ENV`, `development` by default.
    let environment: String
    private let values: [String: String]

    /// Reads the settings of a project.
    ///
    /// - Parameters:
    ///   - root: the project's folder.
    ///   - environment: what `--env` says; it goes before `AZU_ENV`.
    ///   - process: the variables of the process.
    /// - Throws: ``CommandFailure`` for a line of a file that can't be read.
    init(
        root: URL,
        environment: String?,
        process: [String: String] = ProcessInfo.processInfo.environment
    ) throws {
        self.root = root
        var values = try DotEnv.read(root.appending(path: ".env"))
        let name = environment ?? process["AZU_ENV"] ?? values["AZU_ENV"] ?? "development"
        let named = try DotEnv.read(root.appending(path: ".env.\(name)"))
        // A variable of the process goes before a file, except where `--env` asks for that file. It goes before `.env` in
        // any case: with `--env production` and no such file, the database must not be the developer's.
        for layer in environment == nil ? [named, process] : [process, named] { values.merge(layer) { $1 } }
        self.environment = name
        self.values = values
    }

    /// What is set for a name; `nil` for nothing.
    func value(_ name: String) -> String? { values[name].flatMap { $0.isEmpty ? nil : $0 } }

    var isProduction: Bool { environment == "production" }

    /// The drivers of this program.
    static let drivers = DatabaseDrivers([SQLiteDriver(), PostgresDriver()])

    /// Where the database is.
    ///
    /// - Throws: ``CommandFailure`` if nobody says so.
    func databaseURL() throws -> DatabaseURL {
        guard let url = values["DATABASE_URL"], !url.isEmpty else {
            throw CommandFailure(
                "DATABASE_URL is not set; set it in the environment or in .env, as in DATABASE_URL=sqlite:db/shop.sqlite"
            )
        }
        return try DatabaseURL(url)
    }

    /// Opens the database.
    func connect() async throws -> any DatabaseConnection {
        let url = try databaseURL()
        return try await Self.drivers.driver(for: url).connect(to: url, root: root)
    }
}
