import DataMigrations
import Database

/// A migration that faults strike, with its tables, and what it must leave whatever strikes it.
struct WireWorkload: Sendable {
    let name: String
    /// Whether its rows are written with COPY.
    let copies: Bool
    let entry: MigrationPlan.Entry
    /// Makes the tables.
    let tables: [SQL]
    /// The tables whose writes are put down in ``writes``, each with the column that tells its rows apart.
    let watched: [(table: String, key: String)]
    /// The rows that are found, and those that have to be.
    let comparisons: [(found: SQL, expected: SQL)]
    let counters: ChangeCounters

    /// What is found in the end.
    struct Outcome: Equatable {
        /// Rows, and writes of rows, that are missing.
        var lost = 0
        /// Rows, and writes of rows, that are there and should not be, or once too often.
        var doubled = 0
        /// What the ledger says was done.
        var counters: ChangeCounters
        /// The states of the runs in the ledger.
        var states: [String?] = ["succeeded"]
        /// How often the migration is recorded as executed.
        var executed = 1
        /// How many parts of the run somebody still holds.
        var leases = 0
    }

    /// Which rows were written.
    static let writes: SQL = "SELECT written, operation, row_key FROM writes"

    private static let notes: [SQL] = [
        "CREATE TABLE writes (written text NOT NULL, operation text NOT NULL, row_key text NOT NULL)",
        """
        CREATE FUNCTION note_write() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE written_row jsonb;
        BEGIN
            IF TG_OP = 'DELETE' THEN written_row := to_jsonb(OLD); ELSE written_row := to_jsonb(NEW); END IF;
            INSERT INTO writes VALUES (TG_TABLE_NAME, TG_OP, written_row ->> TG_ARGV[0]);
            RETURN NULL;
        END $$
        """,
    ]

    /// Makes the tables, and from then on has their writes put down.
    func prepare(_ database: any DatabaseConnection) async throws {
        for statement in Self.notes + tables { try await database.execute(statement) }
        for (table, key) in watched {
            try await database.execute(
                """
                CREATE TRIGGER notes AFTER INSERT OR UPDATE OR DELETE ON \(identifier: table)
                FOR EACH ROW EXECUTE FUNCTION note_write('\(raw: key)')
                """
            )
        }
    }

    /// Compares what is there with what has to be.
    func outcome(in database: any DatabaseConnection) async throws -> Outcome {
        func number(_ sql: SQL) async throws -> Int { Int(try await database.query(sql)[0][0].integer ?? -1) }
        let sums = try await database.query(
            """
            SELECT sum(visited), sum(changed), sum(inserted), sum(deleted), sum(skipped), sum(quarantined)
            FROM data_migration_slices
            """
        )[0].values.map { Int($0.integer ?? -1) }
        var outcome = Outcome(
            counters: ChangeCounters(
                visited: sums[0],
                changed: sums[1],
                inserted: sums[2],
                deleted: sums[3],
                skipped: sums[4],
                quarantined: sums[5]
            )
        )
        for (found, expected) in comparisons {
            outcome.lost += try await number("SELECT count(*) FROM ((\(expected)) EXCEPT ALL (\(found))) AS missing")
            outcome.doubled += try await number("SELECT count(*) FROM ((\(found)) EXCEPT ALL (\(expected))) AS more")
        }
        outcome.states = try await database.query("SELECT status FROM data_migration_runs ORDER BY id")
            .map { $0[0].text }
        outcome.executed = try await number("SELECT count(*) FROM data_migrations")
        outcome.leases = try await number("SELECT count(*) FROM data_migration_slices WHERE owner IS NOT NULL")
        return outcome
    }
}
