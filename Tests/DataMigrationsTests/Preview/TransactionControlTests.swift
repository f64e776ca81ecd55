import Testing

@testable import DataMigrations

/// Transactions that are begun and ended in SQL are found, whatever stands before the word.
@Suite("Words that begin and end transactions") struct TransactionControlTests {
    private func expect(_ control: TransactionControl?, _ statements: String...) {
        for statement in statements { #expect(TransactionControl(sql: statement) == control, "\(statement)") }
    }

    @Test func areFoundInAnyCaseAndBehindComments() {
        expect(.begin, "BEGIN", "begin immediate", "START TRANSACTION READ ONLY", "\n\tBegin;", "; BEGIN")
        expect(.commit, "COMMIT", "commit work", "END", "END TRANSACTION", "COMMIT AND NO CHAIN", "-- x\n--y\nCOMMIT")
        expect(.rollback, "ROLLBACK", "rollback transaction", "ABORT", "/* a; */ /* b */ROLLBACK")
        expect(.savepoint, "SAVEPOINT a", "RELEASE a", "ROLLBACK TO a", "ROLLBACK TRANSACTION TO SAVEPOINT a")
        expect(.other, "COMMIT AND CHAIN", "PREPARE TRANSACTION 'x'", "COMMIT PREPARED 'x'", "ROLLBACK PREPARED 'x'")
        // A comment within a comment: as PostgreSQL reads it, and as SQLite does.
        expect(.commit, "/* a /* b */ c */ COMMIT", "/* a /* b */ COMMIT")
    }

    @Test func areNotFoundWhereThereAreNone() {
        expect(
            nil,
            "SELECT 'BEGIN'",
            "UPDATE commits SET a = 1",
            "INSERT INTO rollback VALUES (1)",
            "PREPARE q AS SELECT 1",
            "CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END",
            "-- COMMIT",
            "/* COMMIT",
            "",
            "SELECT 1 -- COMMIT",
            "WITH a AS (SELECT 1) SELECT * FROM a",
            "VACUUM"
        )
    }
}
