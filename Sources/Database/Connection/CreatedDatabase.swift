/// What ``DatabaseDriver/create(_:root:)`` made, and what was there.
public struct CreatedDatabase: Sendable, Hashable {
    /// What a person calls the database.
    public let name: String
    /// Whether it was not there before.
    public let isNew: Bool
    /// The schema in it that the URL names; `nil` if it names none.
    public let schema: String?
    /// Whether the schema was not there before.
    public let isSchemaNew: Bool

    /// Tells of a database, and of a schema in it.
    public init(name: String, isNew: Bool, schema: String? = nil, isSchemaNew: Bool = false) {
        self.name = name
        self.isNew = isNew
        self.schema = schema
        self.isSchemaNew = isSchemaNew
    }
}
