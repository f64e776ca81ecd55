import Testing

@testable import DataMigrations

@Suite struct ShapeTests {
    @Test func `an update is taken apart`() {
        let shape = SQLShape(
            reading: """
                WITH c AS MATERIALIZED (SELECT id, lower(email) AS norm FROM users WHERE {range} FOR UPDATE), d(x) AS (SELECT 1)
                UPDATE "Shop".users AS u /* , */ SET email = CASE WHEN a IS DISTINCT FROM b THEN 'x, FROM y' ELSE c.norm END,
                (first, "last") = (1, 2), list[3] = 4
                FROM c JOIN d ON true WHERE c.id = u.id -- WHERE
                RETURNING u.id
                """
        )
        #expect(shape.verb == .update)
        #expect(shape.table == "\"Shop\".users")
        #expect(shape.alias == "u")
        #expect(shape.columns == ["email", "first", "\"last\"", "list"])
        #expect(shape.others == "c JOIN d ON true")
        #expect(shape.condition == "c.id = u.id")
        #expect(shape.with.hasPrefix("WITH c AS"))
        #expect(shape.with.hasSuffix("(SELECT 1) "))
        #expect(!shape.body.contains("RETURNING"))
    }

    @Test func `a delete is taken apart`() {
        let shape = SQLShape(reading: "DELETE FROM order_items i USING orders o WHERE o.id = i.order_id AND {range:o}")
        #expect(shape.verb == .delete)
        #expect(shape.table == "order_items")
        #expect(shape.alias == "i")
        #expect(shape.others == "orders o")
        #expect(shape.condition == "o.id = i.order_id AND {range:o}")
    }

    @Test(
        arguments: [
            ("INSERT INTO a (b) SELECT c FROM d JOIN e ON e.id = d.id WHERE {range}", SQLShape.Verb.insert),
            ("INSERT INTO a VALUES (1) ON CONFLICT (b) DO NOTHING RETURNING b", .insert),
            ("insert or ignore into a values (1)", .insert),
            ("INSERT INTO a VALUES (1) ON CONFLICT (b) DO UPDATE SET c = 1", .upsert),
            ("INSERT OR REPLACE INTO a VALUES (1)", .other),
            ("REPLACE INTO a VALUES (1)", .other),
            ("UPDATE OR REPLACE a SET b = 1", .other),
            ("UPDATE OR IGNORE a SET b = 1", .update),
            ("UPDATE ONLY a SET b = 1", .other),
            ("UPDATE a SET b = 1 ORDER BY c LIMIT 5", .other),
            ("UPDATE a SET b = 1 WHERE CURRENT OF cursor", .other),
            ("WITH x AS (DELETE FROM a RETURNING *) INSERT INTO b SELECT * FROM x", .other),
            ("WITH x AS (SELECT 1) SELECT * FROM x", .read),
            ("SELECT * INTO b FROM a", .other),
            ("SELECT 'DELETE FROM a'", .read),
            ("/* DELETE */ -- UPDATE\nSELECT 1", .read),
            ("CREATE TABLE a (b int)", .other),
            ("TRUNCATE a", .other),
            ("MERGE INTO a USING b ON true WHEN MATCHED THEN DELETE", .other),
            ("DO $$ BEGIN DELETE FROM a; END $$", .other),
            ("", .other),
        ]
    )
    func `what can't be told for sure is something else`(text: String, verb: SQLShape.Verb) {
        #expect(SQLShape(reading: text).verb == verb)
    }

    @Test(
        arguments: [
            ("UPDATE users SET slug = lower(name) WHERE {range}", true),
            ("UPDATE users u SET slug = lower(name) WHERE {range:u}", true),
            (
                "UPDATE users SET total = (SELECT sum(x) FROM orders o WHERE o.user_id = users.id) WHERE {range}",
                true
            ),
            ("UPDATE users SET slug = (SELECT max(slug) FROM users) WHERE {range}", false),
            ("UPDATE users SET slug = c.x FROM c WHERE c.id = users.id AND {range}", false),
            ("UPDATE others SET slug = 1 WHERE id IN (SELECT id FROM users WHERE {range})", false),
            ("DELETE FROM users WHERE {range}", true),
            ("DELETE FROM users WHERE {range} AND {range}", false),
            ("INSERT INTO archive SELECT * FROM users WHERE {range}", true),
            ("INSERT INTO users SELECT * FROM users WHERE {range}", false),
            ("INSERT INTO archive SELECT * FROM users WHERE {range}; DELETE FROM users WHERE {range}", false),
        ]
    )
    func `rows are locked unless one statement looks at them and writes them`(text: String, isFree: Bool) throws {
        let body = try SQLMigrationFile("-- azu:table users\n" + text, name: path).up
        #expect(body.needsNoLock == isFree)
    }

    @Test func `places are filled in, but not in strings and comments`() throws {
        let template = SQLTemplate(
            "SELECT '{range}', \"{range}\", $a${range}$a$, E'\\'{range}' /* {range} */ WHERE {range:u} -- {range}"
        )
        #expect(template.places.count == 1)
        #expect(template.places.first?.qualifier == "u")
        let sql = try #require(written(template.sql { _, qualifier in "\(raw: qualifier ?? "-").id = 1" }))
        #expect(sql.contains("WHERE u.id = 1 -- {range}"))
        #expect(sql.contains("'{range}', \"{range}\", $a${range}$a$, E'\\'{range}' /* {range} */"))
    }
}
