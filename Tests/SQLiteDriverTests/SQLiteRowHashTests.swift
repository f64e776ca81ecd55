import Database
import SQLiteDriver
import Testing

@Suite("The hash of a row in SQLite")
struct SQLiteRowHashTests {
    let connection: SQLiteConnection

    init() async throws { connection = try await SQLiteConnection(path: nil) }

    private func hash(_ values: Value...) async throws -> Int64? {
        let hash = connection.dialect.rowHash(values.map { "\($0)" as SQL })
        return try await connection.query("SELECT \(hash)")[0][0].integer
    }

    // Hashes are kept in a database, and compared with those that another version of azu makes.
    @Test func aHashIsTheSameInEveryVersion() async throws {
        #expect(try await hash(.null) == -20_566_625_342_263_694)
        #expect(try await hash(1) == 6_717_884_494_356_754_681)
        #expect(try await hash(-1) == -4_986_039_768_574_649_856)
        #expect(try await hash(0.5) == 8_359_128_359_717_861_766)
        #expect(try await hash("") == -2_690_544_980_689_381_242)
        #expect(try await hash("ü") == -5_547_122_692_219_946_820)
        #expect(try await hash(.blob([97])) == 7_155_217_725_484_345_145)
        #expect(try await hash("ab", "c") == -4_270_963_817_936_188_103)
        #expect(try await hash(1, .null, "x") == 8_507_916_288_000_129_868)
        #expect(try await hash("a\0b") == 6_545_957_486_257_610_813)
    }

    @Test func textIsHashedBehindItsNULCharactersToo() async throws {
        var hashes = Set<Int64?>()
        for text in ["a", "a\0", "a\0b", "a\0c", "\0", ""] { hashes.insert(try await hash(.text(text))) }
        #expect(hashes.count == 6)
    }

    @Test func numbersThatAreEqualHaveTheSameHashAndOthersHaveNot() async throws {
        #expect(try await hash(5) == hash(5.0))
        #expect(try await hash(0) == hash(.double(-0.0)))
        #expect(try await hash(.integer(.min)) == hash(.double(-0x1p63)))
        #expect(try await hash(9_007_199_254_740_993) != hash(.double(9_007_199_254_740_992)))
        #expect(try await hash(.integer(.max)) != hash(.double(0x1p63)))
        #expect(try await hash(0.1) != hash(.double(0.1.nextUp)))
        #expect(try await hash(.double(.infinity)) != hash(.double(-.infinity)))
    }

    @Test func valuesOfAnotherStorageClassHaveAnotherHash() async throws {
        #expect(try await hash(12) != hash("12"))
        #expect(try await hash(0.5) != hash("0.5"))
        #expect(try await hash("a") != hash(.blob([97])))
        #expect(try await hash("") != hash(.blob([])))
        #expect(try await hash("") != hash(.null))
        #expect(try await hash(0) != hash(.null))
    }

    @Test func aColumnsTypeMakesNoOtherHashOfAnEqualNumber() async throws {
        try await connection.execute("CREATE TABLE t (a INTEGER, b REAL, c NUMERIC, d)")
        try await connection.execute("INSERT INTO t VALUES ('5', 5, '5.0', 5)")
        let hashes = ["a", "b", "c", "d"].map { connection.dialect.rowHash(["\(identifier: $0)"]) }
        let row = try await connection.query("SELECT \(SQL.joined(hashes, separator: ", ")) FROM t")[0]
        #expect(Set(row.values).count == 1)
        #expect(try await row[0].integer == hash(5))
    }

    @Test(arguments: ["t", "shop.t", "bare"]) func everyTableHasHashes(table: String) async throws {
        try await connection.execute("ATTACH ':memory:' AS shop")
        try await connection.execute("CREATE TABLE t (id TEXT PRIMARY KEY, a)")
        try await connection.execute("CREATE TABLE shop.t (id TEXT PRIMARY KEY, a)")
        try await connection.execute("CREATE TABLE bare (id TEXT PRIMARY KEY, a) WITHOUT ROWID")
        try await connection.execute("INSERT INTO \(identifier: table) VALUES ('x', 1), ('y', 2)")
        let hash = connection.dialect.rowHash(["id", "a"])
        let rows = try await connection.query("SELECT \(hash) FROM \(identifier: table) ORDER BY id")
        let expected = [try await self.hash("x", 1), try await self.hash("y", 2)]
        #expect(rows.map { $0[0].integer } == expected)
    }

    @Test func aRowOfAsManyColumnsAsATableHasIsHashedWhole() async throws {
        let names = (0..<1_999).map { "c\($0)" }
        try await connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, \(SQL.identifiers(names)))")
        try await connection.execute("INSERT INTO t (id) VALUES (1), (2), (3), (4)")
        for (id, name) in [(2, "c0"), (3, "c1000"), (4, "c1998")] {
            try await connection.execute("UPDATE t SET \(identifier: name) = 1 WHERE id = \(id)")
        }
        let hash = connection.dialect.rowHash(names.map { "\(identifier: $0)" as SQL })
        let rows = try await connection.query("SELECT \(hash) FROM t")
        #expect(Set(rows.map { $0[0] }).count == 4)
    }
}
