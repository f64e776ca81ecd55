import Database
import TestSupport

/// Triggers that a table has.
enum Triggers: String, CaseIterable, Sendable {
    /// None.
    case none
    /// One that notes which rows are written.
    case noting
    /// One that also stores a text in another form than it was sent in.
    case storing

    /// Where the rows that are written are noted; no part of what is compared.
    static let log = "touched"

    /// Makes them.
    ///
    /// - Parameters:
    ///   - table: the table.
    ///   - key: a unique column of integers.
    ///   - text: the column that is stored in capitals.
    ///   - connection: the database.
    /// - Throws: ``/Database/DatabaseError``.
    func make(on table: String, key: String, text: String, in connection: any DatabaseConnection) async throws {
        guard self != .none else { return }
        if self == .storing {
            try await connection.execute("UPDATE \(raw: table) SET \(raw: text) = upper(\(raw: text))")
        }
        try await connection.execute("CREATE TABLE \(raw: Self.log) (row_key BIGINT)")
        let noting = "INSERT INTO \(Self.log) (row_key) VALUES (NEW.\(key));"
        if connection.isSQLite {
            // An inner UPDATE of the trigger's own table does not fire it again.
            let storing = "UPDATE \(table) SET \(text) = upper(\(text)) WHERE \(key) = NEW.\(key);"
            try await connection.execute(
                """
                CREATE TRIGGER notes_\(raw: table) AFTER UPDATE ON \(raw: table)
                BEGIN \(raw: noting) \(raw: self == .storing ? storing : "") END
                """
            )
        } else {
            let storing = "NEW.\(text) := upper(NEW.\(text));"
            try await connection.execute(
                """
                CREATE FUNCTION note_\(raw: table)() RETURNS trigger LANGUAGE plpgsql
                AS $$ BEGIN \(raw: noting) \(raw: self == .storing ? storing : "") RETURN NEW; END $$
                """
            )
            try await connection.execute(
                """
                CREATE TRIGGER notes_\(raw: table) BEFORE UPDATE ON \(raw: table)
                FOR EACH ROW EXECUTE FUNCTION note_\(raw: table)()
                """
            )
        }
    }
}
