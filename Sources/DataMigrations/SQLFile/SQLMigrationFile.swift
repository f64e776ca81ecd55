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
    }

    /// The file, as a person finds it.
    let name: String
    /// How it is run.
    var options = MigrationOptions()
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
        let parts: Set<String> = [SQLHeader.Name.down.rawValue]
        up = try BodyReader(file, header.up).body(file.head(before: parts), isDown: false)
        if let range = file.part(SQLHeader.Name.down.rawValue, among: parts) {
            var settings = header.down
            settings.inherit(header.up)
            down = try BodyReader(file, settings).body(range, isDown: true)
        }
    }
}
