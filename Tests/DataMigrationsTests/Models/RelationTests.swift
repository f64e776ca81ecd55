import DataMigrations
import DataMigrationsTesting
import Testing

private struct Author: Model, Equatable {
    static let books = hasMany(Book.self, foreignKey: "author_id")
    var id: Int
    var name: String
}

private struct Book: Model, Equatable {
    static let author = belongsTo(Author.self, foreignKey: "author_id")
    static let genres = manyToMany(Genre.self, through: "book_genres", foreignKey: "book_id", relatedKey: "genre_id")
    var id: Int
    var authorId: Int?
    var title: String
}

private struct Genre: Model, Equatable {
    var id: Int
    var name: String
}

@Suite("Relations")
struct RelationTests {
    let database: TestDatabase

    init() async throws {
        database = try await TestDatabase()
        try await database.execute("CREATE TABLE authors (id INTEGER PRIMARY KEY, name TEXT)")
        try await database.execute("CREATE TABLE books (id INTEGER PRIMARY KEY, author_id INTEGER, title TEXT)")
        try await database.execute("CREATE TABLE genres (id INTEGER PRIMARY KEY, name TEXT)")
        try await database.execute(
            "CREATE TABLE book_genres (book_id INTEGER, genre_id INTEGER, UNIQUE (book_id, genre_id))"
        )
        try await database.execute("INSERT INTO authors VALUES (1, 'Ada'), (2, 'Bob'), (3, 'Cleo')")
        try await database.execute("INSERT INTO books VALUES (12, 1, 'c'), (10, 1, 'a'), (11, 2, 'b'), (13, NULL, 'd')")
        try await database.execute("INSERT INTO genres VALUES (20, 'x'), (21, 'y'), (22, 'z')")
        try await database.execute("INSERT INTO book_genres VALUES (10, 21), (10, 20), (11, 20)")
    }

    private func pairs() async throws -> [[Value]] {
        try await database.rows("SELECT book_id, genre_id FROM book_genres ORDER BY 1, 2")
    }

    @Test func eachOwnerGetsItsRowsInTheOrderOfTheirKey() async throws {
        let authors = try await Author.all.order("id DESC").fetch(in: database)
        let books = try await database.fetch(Author.books, of: authors)
        #expect(books.map { $0.map(\.id) } == [[], [11], [10, 12]])
        #expect(books[1] == [Book(id: 11, authorId: 2, title: "b")])
    }

    @Test func eachRowGetsWhatItBelongsTo() async throws {
        let books = try await Book.all.order("id").fetch(in: database)
        let authors = try await database.fetch(Book.author, of: books)
        #expect(authors.map { $0.map(\.name) } == [["Ada"], ["Bob"], ["Ada"], []])
    }

    @Test func aForeignKeyThatLeadsNowhereGivesNothing() async throws {
        let authors = try await database.fetch(Book.author, of: [Book(id: 1, authorId: 99, title: "")])
        #expect(authors == [[]])
    }

    @Test func rowsOfTheTableBetweenLeadToTheOtherSide() async throws {
        let books = try await Book.all.order("id").fetch(in: database)
        let genres = try await database.fetch(Book.genres, of: books)
        #expect(genres.map { $0.map(\.name) } == [["x", "y"], ["x"], [], []])
    }

    @Test func anOwnerThatIsGivenTwiceGetsItsRowsTwice() async throws {
        let ada = try await Author.find(1, in: database)
        let books = try await database.fetch(Author.books, of: [ada, ada])
        #expect(books.map { $0.map(\.id) } == [[10, 12], [10, 12]])
    }

    @Test func noOwnersHaveNoRows() async throws {
        #expect(try await database.fetch(Author.books, of: []).isEmpty)
    }

    @Test func textKeysCompareAsTheDatabaseStoresThem() async throws {
        struct Country: Model {
            static let primaryKey = ["code"]
            static let cities = hasMany(City.self, foreignKey: "country")
            var code: String
        }
        struct City: Model {
            var id: Int
        }
        try await database.execute("CREATE TABLE cities (id INTEGER PRIMARY KEY, country TEXT)")
        try await database.execute("INSERT INTO cities VALUES (1, 'DE'), (2, 'FR'), (3, 'DE')")
        let cities = try await database.fetch(Country.cities, of: [Country(code: "FR"), Country(code: "DE")])
        #expect(cities.map { $0.map(\.id) } == [[2], [1, 3]])
    }

    @Test func moreOwnersThanAStatementBindsAreFetchedInParts() async throws {
        let limit = database.connection.dialect.maximumBoundValues
        let authors = (1...limit + 5).map { Author(id: $0, name: "") }
        try await database.execute("INSERT INTO books VALUES (99, \(limit + 3), 'last')")
        let books = try await database.fetch(Author.books, of: authors)
        #expect(books.count == limit + 5)
        #expect(books[0].map(\.id) == [10, 12])
        #expect(books[limit + 2].map(\.id) == [99])
        #expect(books.joined().count == 4)
    }

    @Test func threeThousandOwnersEachGetTheirOwn() async throws {
        try await database.execute("DELETE FROM books")
        let authors = (1...3_000).map { Author(id: $0, name: "") }
        try await database.insert((1...6_000).map { Book(id: $0, authorId: ($0 - 1) % 3_000 + 1, title: "t") })
        let books = try await database.fetch(Author.books, of: authors)
        #expect(books.enumerated().allSatisfy { index, books in books.map(\.id) == [index + 1, index + 3_001] })
    }

    @Test func addedPairsAreWrittenOnce() async throws {
        #expect(try await database.add([20, 22, 22], to: 10, in: Book.genres) == 1)
        #expect(try await pairs() == [[10, 20], [10, 21], [10, 22], [11, 20]])
        #expect(try await database.add([(11, 21), (12, 20), (11, 20)], in: Book.genres) == 2)
        #expect(try await pairs() == [[10, 20], [10, 21], [10, 22], [11, 20], [11, 21], [12, 20]])
    }

    @Test func addingNothingChangesNothing() async throws {
        #expect(try await database.add([Int](), to: 10, in: Book.genres) == 0)
        #expect(try await pairs().count == 3)
    }

    @Test func addIsForManyToManyOnly() async throws {
        await #expect(throws: ModelError.self) { try await database.add([1], to: 1, in: Author.books) }
    }
}
