public import DataMigrations
import Database

extension TestDatabase {
    /// Inserts rows of which a test says no more than what it is about; the rest is made up.
    ///
    ///     let users = try await database.insert(User.self, 3) { user, n in user.name = "Ada \(n)" }
    ///     try await database.insert(Post.self) { post, _ in post.userID = users[0].id }
    ///
    /// What is made up is like what such a column holds, by its type and its name, and no two rows have the same: keys and
    /// numbers count on from the rows that are there, a text is `name 4`, an address `user4@example.com`, an enumeration is
    /// its first case; optional properties are `nil`. A column that refers to another table refers to one of its rows.
    /// Columns that the model has no property for are made up too, where they take no NULL and have no default.
    ///
    /// - Parameters:
    ///   - type: the model.
    ///   - count: how many rows.
    ///   - edit: sets the properties that matter; it is given the row's number, from 1 on.
    /// - Returns: the rows, with their keys.
    /// - Throws: ``TestDatabaseError`` if a row can't be made up; ``/Database/DatabaseError`` if the database refuses it.
    @discardableResult
    public func insert<M: Model>(
        _ type: M.Type,
        _ count: Int = 1,
        _ edit: (_ row: inout M, _ number: Int) throws -> Void = { _, _ in }
    ) async throws -> [M] {
        guard count > 0 else { return [] }
        let factory = try await RowFactory<M>(connection)
        var models = try (1...count).map { try factory.model($0) }
        for place in models.indices { try edit(&models[place], place + 1) }
        try await connection.run(try factory.inserts(models))
        return models
    }
}
