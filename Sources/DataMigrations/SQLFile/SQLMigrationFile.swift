import Database
import SQLFiles

/// A data migration that is a file of SQL, read but not run.
///
///     -- azu:table users
///     -- azu:where slug IS NULL
///     UPDATE users SET slug = lower(name) || '-' || id WHERE {range};
struct SQLMigrationFile: Sendable {
    /// A query of which no row must come back when all is right.
    struct Check: Sendable {
        var query: String
        var position: SQLPosition
        /// The query as it is asked.
        var template: SQLTemplate

        init(query: String, position: SQLPosition) {
            self.query = query
            self.position = position
            template = SQLTemplate(query)
        }
    }

    /// The file, as a person finds it.
    let name: String
    /// How it is run.
    var options = MigrationOptions()
    /// What it takes from whoever runs it.
    let parameters: [FileParameter]
    /// Whether it asks when the run began.
    let asksForNow: Bool
    /// What it belongs to.
    let tags: Set<String>
    /// The only environments it is meant for; all, if there are none.
    let environments: Set<String>
    /// What it does.
    var up = SQLBody()
    /// What takes it back; `nil` where the journal does.
    var down: SQLBody?
    /// What is asked at the end.
    var checks: [Check] = []

    /// Reads a file.
    ///
    /// - Parameters:
    ///   - text: what is in it.
    ///   - name: the file, for messages: the path below the project's root.
    /// - Throws: ``/SQLFiles/SQLFileError`` that tells what is wrong, and where.
    init(_ text: String, name: String) throws(SQLFileError) {
        let file = try SQLFile(text, name: name)
        self.name = file.name
        let header = try SQLHeader(file)
        options = header.options
        checks = header.checks
        parameters = header.parameters
        (tags, environments) = (header.tags, header.environments)
        let used = header.used.union(file.placeholders(in: file.all).map(\.name))
        asksForNow = used.contains(KnownPlaceholders.now)
        let known = KnownPlaceholders(parameters: header.parameters)
        let parts: Set<String> = [SQLHeader.Name.down.rawValue]
        up = try BodyReader(file, header.up, known).body(file.head(before: parts), isDown: false)
        if let range = file.part(SQLHeader.Name.down.rawValue, among: parts) {
            var settings = header.down
            settings.inherit(header.up)
            down = try BodyReader(file, settings, known).body(range, isDown: true)
        }
        if let idle = parameters.first(where: { !used.contains($0.name) }) {
            let problem =
                "the parameter \(idle.name) is never used: write {\(idle.name)}, outside of quotes, where its value is "
                + "meant, or leave the line out"
            throw SQLFileError(file: file.name, position: idle.position, message: problem)
        }
    }

    /// The same with a run's values in the places of its parameters.
    func binding(_ values: FileValues) -> SQLMigrationFile {
        var file = self
        file.up = up.binding(values)
        file.down = down?.binding(values)
        for index in checks.indices { file.checks[index].template = checks[index].template.binding(values) }
        return file
    }
}
