import DataMigrations
import Testing

@testable import DataMigrationsTesting

/// What was there is put back, to the byte.
@Suite(.serialized) struct SnapshotTests {
    @Test(arguments: TestStore.tested) func rowsTablesAndNumbersArePutBack(_ store: TestStore) async throws {
        let schema = """
            CREATE TABLE boxes (\(store.numberedKey), name text NOT NULL);
            CREATE TABLE things (\(store.numberedKey), box_id bigint NOT NULL REFERENCES boxes (id) ON DELETE CASCADE,
                weight double precision, bytes \(store == .sqlite ? "blob" : "bytea"));
            CREATE TABLE lines (text text);
            INSERT INTO boxes (name) VALUES ('é'), ('e\u{301}');
            INSERT INTO things (box_id, weight) VALUES (2, 0.1), (1, NULL);
            INSERT INTO lines VALUES ('b'), ('a'), ('a');
            """
        try await withDatabase(store, schema: .sql(schema)) { database in
            func contents() async throws -> Contents {
                try await Contents(of: database.connection, ignoring: IgnoredColumns())
            }
            let before = try await contents()
            #expect(before.count == 7)
            let snapshot = try await database.snapshot()
            for _ in 1...2 {
                try await database.execute("DELETE FROM boxes WHERE id = 1")
                try await database.execute("UPDATE boxes SET name = 'other'")
                try await database.execute("INSERT INTO boxes (name) VALUES ('new')")
                try await database.execute("DELETE FROM lines")
                try await database.execute("CREATE TABLE made (id bigint PRIMARY KEY)")
                let changed = try await contents()
                #expect(!before.differences(to: changed).isEmpty)
                try await snapshot.restore()
                let after = try await contents()
                #expect(before.differences(to: after).isEmpty)
                #expect(after.tables.keys.sorted() == ["boxes", "lines", "things"])
                // References are checked again, and numbers counted on from where they were.
                await #expect(throws: DatabaseError.self) {
                    try await database.execute("INSERT INTO things (box_id) VALUES (99)")
                }
                try await database.execute("INSERT INTO boxes (name) VALUES ('third')")
                #expect(try await database.lines("SELECT max(id) FROM boxes") == ["3"])
                try await snapshot.restore()
            }
            await snapshot.discard()
        }
    }

    @Test(.enabled(if: TestStore.tested.count > 1)) func whatPostgreSQLHasBesidesIsPutBackToo() async throws {
        let schema = """
            CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                name varchar(20) NOT NULL UNIQUE DEFERRABLE INITIALLY DEFERRED,
                loud text GENERATED ALWAYS AS (upper(name)) STORED,
                boss bigint REFERENCES users DEFERRABLE INITIALLY DEFERRED, written bigint NOT NULL DEFAULT 0);
            CREATE TABLE parts (id int, k int, PRIMARY KEY (id, k)) PARTITION BY LIST (k);
            CREATE TABLE part_one PARTITION OF parts FOR VALUES IN (1);
            CREATE FUNCTION count_writes() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                NEW.written = NEW.written + 1; RETURN NEW; END $$;
            CREATE TRIGGER count_writes BEFORE INSERT OR UPDATE ON users FOR EACH ROW EXECUTE FUNCTION count_writes();
            CREATE TRIGGER idle BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION count_writes();
            ALTER TABLE users DISABLE TRIGGER idle;
            INSERT INTO users (name) VALUES ('ada'), ('bob');
            UPDATE users SET boss = 1;
            INSERT INTO parts VALUES (1, 1), (2, 1);
            """
        let store = try #require(TestStore.tested.last)
        try await withDatabase(store, schema: .sql(schema)) { database in
            let rows: SQL = "SELECT id, name, loud, boss, written FROM users ORDER BY id"
            let before = try await database.lines(rows)
            #expect(before == ["1 | ada | ADA | 1 | 2", "2 | bob | BOB | 1 | 2"])
            let snapshot = try await database.snapshot()
            try await database.execute("DELETE FROM parts")
            try await database.execute("UPDATE users SET name = name || '!'")
            try await snapshot.restore()
            #expect(try await database.lines(rows) == before)
            #expect(try await database.lines("SELECT id FROM part_one ORDER BY id") == ["1", "2"])
            // The trigger works again, and the other one still does not.
            try await database.execute("INSERT INTO users (name) VALUES ('eve')")
            try await database.execute("UPDATE users SET name = 'Eve' WHERE id = 3")
            #expect(try await database.lines(rows).last == "3 | Eve | EVE | NULL | 2")
            try await database.execute("ALTER TABLE users ADD COLUMN extra text")
            let error = await #expect(throws: TestDatabaseError.self) { try await snapshot.restore() }
            #expect(error?.description.hasPrefix("the migration altered or dropped the table users, ") == true)
        }
    }
}
