import Database
import Foundation

/// What a new data migration in SQL starts from.
///
/// Whatever the name, azu can read it as it is; the tables and columns are guessed.
struct SQLMigrationTemplate {
    /// What the migration does, for its header.
    let purpose: String
    /// What stands behind the header.
    let text: String

    /// Picks the template by the migration's name, as ``migrationTemplate(for:)`` does.
    ///
    /// - Throws: `GeneratorError` for one that reads a file.
    init(name: String, date: Date) throws {
        let words = name.split(separator: "_").map(String.init)
        let (verb, rest) = (words[0], Array(words.dropFirst()))
        switch verb {
        case _ where rest.isEmpty: self = Self.other(GuessedColumn(["record"]))
        case "import":
            throw GeneratorError(
                "\(name) would read a file, which SQL can't; leave --sql out, for a migration in Swift, or choose a name "
                    + "that does not begin with import"
            )
        case "backfill": self = Self.backfill(GuessedColumn(rest))
        case "normalize": self = Self.normalize(GuessedColumn(rest))
        case "archive": self = Self.archive(.withoutAdjectives(rest), before: date)
        case "seed": self = Self.seed(.withoutAdjectives(rest))
        case "migrate":
            let to = rest.indices.dropFirst().dropLast().first { rest[$0] == "to" }
            let tables = to.map { (GuessedTable(Array(rest[..<$0])), GuessedTable(Array(rest[($0 + 1)...]))) }
            if let (old, new) = tables, old.model != new.model {
                self = Self.move(old, to: new)
            } else {
                self = Self.other(GuessedColumn(rest))
            }
        default: self = Self.other(GuessedColumn(rest))
        }
    }

    private init(_ purpose: String, _ text: String) {
        self.purpose = purpose
        self.text = text
    }

    // MARK: The kinds

    private static func backfill(_ guess: GuessedColumn) -> SQLMigrationTemplate {
        let (table, column) = (guess.table.name.inSQL, guess.name.inSQL)
        return SQLMigrationTemplate(
            "fills the column \(guess.name) of the table \(guess.table.name) where it is NULL",
            """
            -- The table whose rows are visited, in batches along its key.
            -- azu:table \(guess.table.name)

            -- Which of them. A row that has a value is left alone, and azu looks at the end whether any was missed.
            -- azu:where \(column) IS NULL

            -- Asked at the end: the run fails, and shows the rows, if this finds any.
            -- azu:verify SELECT * FROM \(table) WHERE \(column) IS NULL

            -- {range} stands for the rows of one batch. The value is made of the key, as a stand-in: compute the real one.
            UPDATE \(table)
            SET \(column) = '\(guess.name)-' || id
            WHERE {range};

            """
        )
    }

    private static func normalize(_ guess: GuessedColumn) -> SQLMigrationTemplate {
        let (table, column) = (guess.table.name.inSQL, guess.name.inSQL)
        return SQLMigrationTemplate(
            "brings the column \(guess.name) of the table \(guess.table.name) into one form",
            """
            -- The table whose rows are visited, in batches along its key.
            -- azu:table \(guess.table.name)

            -- Which of them: those that are not in that form yet.
            -- azu:where \(column) <> lower(trim(\(column)))

            -- {range} stands for the rows of one batch. A row that collides with another one, or that the database refuses
            -- for another reason, is put aside, and the others go on: azu db:data:failures shows it.
            UPDATE \(table)
            SET \(column) = lower(trim(\(column)))
            WHERE {range};

            """
        )
    }

    private static func archive(_ table: GuessedTable, before date: Date) -> SQLMigrationTemplate {
        let twoYears: TimeInterval = 2 * 365 * 24 * 60 * 60
        let day = Timestamp.format(date.addingTimeInterval(-twoYears)).prefix(10)
        let (name, archive) = (table.name.inSQL, "archived_\(table.name)")
        return SQLMigrationTemplate(
            "moves rows older than two years from the table \(table.name) to \(archive)",
            """
            -- The table whose rows are visited, in batches along its key.
            -- azu:table \(table.name)

            -- What is old enough. Another day is given by --set cutoff=2024-01-31; a run keeps the one that it began with.
            -- azu:param cutoff date = \(day) Rows of before this day are archived.
            -- azu:where created_at < {cutoff}

            -- Both statements run for the rows of one batch, {range}, in one transaction. Name every column that the archive
            -- keeps.
            INSERT INTO \(archive) (id, created_at)
            SELECT id, created_at FROM \(name) WHERE {range};

            DELETE FROM \(name) WHERE {range};

            """
        )
    }

    private static func move(_ old: GuessedTable, to new: GuessedTable) -> SQLMigrationTemplate {
        let key = "legacy_\(old.singular)_id"
        let (from, into) = (old.name.inSQL, new.name.inSQL)
        return SQLMigrationTemplate(
            "copies the rows of the table \(old.name) into the table \(new.name)",
            """
            -- The table whose rows are visited, in batches along its key.
            -- azu:table \(old.name)

            -- Which of them: those that were not copied yet. {row} stands for the table that is visited.
            -- \(key) needs an index.
            -- azu:where NOT EXISTS (SELECT 1 FROM \(into) WHERE \(into).\(key) = {row}.id)

            -- {range} stands for the rows of one batch. More statements may follow, for what belongs to the rows.
            INSERT INTO \(into) (\(key), name)
            SELECT id, name FROM \(from) WHERE {range};

            """
        )
    }

    private static func seed(_ table: GuessedTable) -> SQLMigrationTemplate {
        SQLMigrationTemplate(
            "puts first rows into the table \(table.name)",
            """
            -- No table is named here, so the statements run once, in one transaction.
            INSERT INTO \(table.name.inSQL) (name)
            VALUES ('first'), ('second');

            """
        )
    }

    private static func other(_ guess: GuessedColumn) -> SQLMigrationTemplate {
        let (table, column) = (guess.table.name.inSQL, guess.name.inSQL)
        return SQLMigrationTemplate(
            "changes rows of the table \(guess.table.name)",
            """
            -- The table whose rows are visited, in batches along its key. Without this line, the statements run once, in one
            -- transaction, and say no {range}.
            -- azu:table \(guess.table.name)

            -- {range} stands for the rows of one batch. A condition of your own belongs into a line azu:where.
            UPDATE \(table)
            SET \(column) = \(column)
            WHERE {range};

            """
        )
    }
}

extension String {
    /// A guessed name in SQL: in quotes, where it is a word of SQL.
    fileprivate var inSQL: String { SwiftName.sql(self) == self ? self : "\"\(self)\"" }
}
