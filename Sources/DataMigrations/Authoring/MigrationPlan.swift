import MigrationNaming

/// The migrations of a program, in the order of their versions.
///
/// The `MigrationRegistry` plugin writes `MigrationPlan.discovered` out of the files of a target. Without the plugin,
/// list them by hand:
///
///     let plan = MigrationPlan([
///         .init(version: "20240101120000", name: "backfill_user_slugs", BackfillUserSlugs.self),
///     ])
public struct MigrationPlan: Sendable {
    /// One migration.
    public struct Entry: Sendable {
        /// When it was written, as `yyyymmddHHMMSS`, in UTC.
        ///
        /// Unique.
        public let version: String
        /// Its name in snake case.
        ///
        /// Unique.
        public let name: String
        /// The file it was compiled from; `nil` if not known.
        public let source: MigrationSource?
        let make: @Sendable () -> any DataMigration
        /// What is wrong with its file, where that could be read without a compiler.
        let problem: (any Error)?

        /// Makes an entry.
        public init<M: DataMigration>(version: String, name: String, _ type: M.Type, source: MigrationSource? = nil) {
            self.init(version: version, name: name, source: source) { M() }
        }

        /// Makes an entry whose migration is made in another way than by its empty initializer.
        public init(
            version: String,
            name: String,
            source: MigrationSource? = nil,
            make: @escaping @Sendable () -> any DataMigration
        ) {
            self.init(version: version, name: name, source: source, problem: nil, make: make)
        }

        init(
            version: String,
            name: String,
            source: MigrationSource?,
            problem: (any Error)?,
            make: @escaping @Sendable () -> any DataMigration
        ) {
            self.version = version
            self.name = name
            self.source = source
            self.problem = problem
            self.make = make
        }

        /// What it takes from whoever runs it.
        public var parameters: [ParameterDescription] { make().parameters }

        /// What it belongs to.
        public var tags: Set<String> { make().tags }

        /// The only environments it is meant for; all, if there are none.
        public var environments: Set<String> { make().environments }

        /// What a person finds the entry by.
        var place: String { source?.path ?? "the plan's entry \(version) \(name)" }
    }

    /// The migrations, in the order of their versions.
    public let entries: [Entry]

    /// Makes a plan.
    public init(_ entries: [Entry] = []) { self.entries = entries.sorted { $0.version < $1.version } }

    /// Makes sure that no version and no name stands twice, and that files of SQL can be read.
    ///
    /// - Throws: ``MigrationError`` that names both files; what is wrong with a file of SQL, in one line with the file, the
    ///   line and the column.
    public func validate() throws {
        for entry in entries { if let problem = entry.problem { throw problem } }
        for (what, key) in [("version", \Entry.version), ("name", \Entry.name)] as [(String, KeyPath<Entry, String>)] {
            var seen: [String: Entry] = [:]
            for entry in entries {
                if let other = seen.updateValue(entry, forKey: entry[keyPath: key]) {
                    throw MigrationError.duplicate(what, entry[keyPath: key], other.place, entry.place)
                }
            }
        }
    }

    /// The migration with this version or name.
    ///
    /// - Throws: ``MigrationError`` if there is none.
    public func entry(_ reference: String) throws -> Entry {
        if let entry = entries.first(where: { $0.version == reference || $0.name == reference }) { return entry }
        let isVersion = reference.first?.isNumber ?? false
        let names = entries.map { isVersion ? $0.version : $0.name }
        throw MigrationError.unknown(reference, similar: Nearest.names(to: reference, among: names, separator: "_"))
    }
}

/// The file that a migration was compiled from.
public struct MigrationSource: Sendable, Hashable {
    /// Its path below the package's folder.
    public let path: String
    /// The SHA-256 of its bytes when it was compiled, in hexadecimal digits.
    public let sha256: String

    /// Makes a source.
    public init(path: String, sha256: String) {
        self.path = path
        self.sha256 = sha256
    }
}
