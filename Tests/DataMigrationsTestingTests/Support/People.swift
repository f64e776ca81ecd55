import DataMigrations
import DataMigrationsTesting

/// Tables that migrations of these tests work on.
struct Person: Model {
    static let table = "people"

    var id: Int64
    var name: String
    var slug: String?
}

/// A copy of a person.
struct Copied: Model {
    static let table = "copies"

    var personID: Int64
    var name: String
    var place: Int
}

/// A person who is no more in the table of people.
struct Former: Model {
    static let table = "formers"

    var personID: Int64
    var name: String
}

/// Works with a database in which there are seven people, one of whom has a slug.
func withPeople(_ store: TestStore, _ count: Int = 7, _ body: (TestDatabase) async throws -> Void) async throws {
    let schema = """
        CREATE TABLE people (\(store.numberedKey), name text NOT NULL, slug text);
        CREATE TABLE copies (\(store.numberedKey), person_id bigint NOT NULL UNIQUE, name text NOT NULL,
            place bigint NOT NULL);
        CREATE TABLE formers (\(store.numberedKey), person_id bigint NOT NULL, name text NOT NULL);
        CREATE TABLE notes (text text NOT NULL);
        """
    try await withDatabase(store, schema: .sql(schema)) { database in
        try await database.insert(Person.self, count) { person, n in
            person.name = "ada \(n)"
            if n == 2 { person.slug = "kept" }
        }
        try await body(database)
    }
}

extension TestDatabase {
    /// What a query finds, in text: a line for each row.
    func lines(_ sql: SQL) async throws -> [String] {
        try await query(sql).map { row in row.values.map { $0.text ?? "NULL" }.joined(separator: " | ") }
    }

    /// The people.
    func people() async throws -> [String] { try await lines("SELECT id, name, slug FROM people ORDER BY id") }
}
