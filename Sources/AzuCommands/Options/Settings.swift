import Configuration
import Database
import Foundation
import PostgresDriver
import SQLiteDriver

/// What flags, the environment, the `.env` files and `azu.json` say; each goes before those behind it.
struct Settings {
    /// The project's folder.
    let root: URL
    /// `AZU_ENV`, `development` by default.
    let environment: String
    /// Who says what ``environment`` is; `nil` where nobody does.
    let environmentOrigin: String?
    /// Where settings come from, the strongest first.
    let sources: [SettingSource]
    /// Variables of the files that have the prefix `AZU_` and are no settings: `AZU_WROKERS in .env`.
    let unknown: [String]

    /// Reads the settings of a project.
    ///
    /// - Parameters:
    ///   - root: the project's folder.
    ///   - environment: what `--env` says; it goes before `AZU_ENV`.
    ///   - process: the variables of the process.
    ///   - flags: what flags say.
    /// - Throws: ``CommandFailure`` for a file that can't be read.
    init(
        root: URL,
        environment: String?,
        process: [String: String] = ProcessInfo.processInfo.environment,
        flags: [(Setting, ConfigContent)] = []
    ) throws {
        self.root = root
        let common = try DotEnv.read(root.appending(path: ".env"))
        let names = [
            (environment, "--env"), (process["AZU_ENV"], "AZU_ENV"), (common["AZU_ENV"], "AZU_ENV in .env"),
        ]
        let named = names.first { !($0.0 ?? "").isEmpty }
        let name = named?.0 ?? "development"
        self.environment = name
        environmentOrigin = named?.1
        let own = try DotEnv.read(root.appending(path: ".env.\(name)"))
        let files = [
            Variables(name: ".env.\(name)", kind: .file, values: own),
            Variables(name: ".env", kind: .file, values: common),
        ]
        var inOrder = files
        // A variable of the process goes before a file, except where `--env` asks for that file. It goes before `.env` in
        // any case: with `--env production` and no such file, the database must not be the developer's.
        let place = environment == nil ? 0 : 1
        inOrder.insert(Variables(name: "the environment", kind: .process, values: process), at: place)
        // What is set to nothing is not set, whatever those behind it say.
        var emptied: Set<String> = []
        var sources = [SettingSource.flags(flags)]
        for var variables in inOrder {
            variables.values = variables.values.filter { !emptied.contains($0.key) }
            emptied.formUnion(variables.values.filter(\.value.isEmpty).keys)
            variables.values = variables.values.filter { !$0.value.isEmpty }
            sources.append(.variables(variables.values, name: variables.name, kind: variables.kind))
        }
        let json = try SettingsFile.read(in: root).filter { !emptied.contains($0.0.variable) }
        sources.append(.json(json, name: SettingsFile.name))
        self.sources = sources
        unknown = files.flatMap(\.unknown)
    }

    /// The variables of one place.
    private struct Variables {
        var name: String
        var kind: SettingSource.Kind
        var values: [String: String]

        var unknown: [String] {
            let known = Set(Setting.all.map(\.variable) + ["AZU_ENV"])
            return values.keys.filter { $0.hasPrefix("AZU_") && !known.contains($0) }.sorted().map {
                "\($0) in \(name)"
            }
        }
    }

    /// A value, and where it comes from.
    struct Found {
        var content: ConfigContent
        var source: SettingSource
    }

    /// What holds for a setting; `nil` where nobody says anything.
    ///
    /// - Throws: ``CommandFailure`` that names the place, for a value that the setting does not take.
    func find(_ setting: Setting) throws -> Found? {
        for source in sources {
            let value: ConfigValue?
            do {
                value = try source.provider.value(forKey: setting.key, type: setting.type).value
            } catch {
                throw CommandFailure("\(source.name(of: setting)): it takes \(setting.takes)")
            }
            guard let value else { continue }
            if setting.isOfOneRun, source.kind.isFile {
                throw CommandFailure(
                    "\(source.name(of: setting)): that is to be decided for each run; give "
                        + "\(setting.flag ?? setting.name), or set \(setting.variable) in the environment"
                )
            }
            guard setting.accepts(value.content) else {
                throw CommandFailure("\(source.name(of: setting)): it takes \(setting.takes)")
            }
            return Found(content: value.content, source: source)
        }
        return nil
    }

    var isProduction: Bool { environment == "production" }

    /// The drivers of this program.
    static let drivers = DatabaseDrivers([SQLiteDriver(), PostgresDriver()])

    /// Where the database is.
    ///
    /// - Throws: ``CommandFailure`` if nobody says so.
    func databaseURL() throws -> DatabaseURL {
        guard let url = try text(.databaseURL) else {
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
