/// What the tables of the compliance suite are made of: the names of a database's types.
public struct ComplianceTypes: Sendable {
    /// A 64-bit integer.
    public var integer: String
    /// Text of any length.
    public var text: String
    /// Text that can be part of a key.
    public var shortText: String
    /// A 64-bit floating point number.
    public var double: String
    /// A Boolean.
    public var bool: String
    /// Bytes of any length.
    public var blob: String
    /// An instant, at least to the millisecond.
    public var timestamp: String
    /// A UUID.
    public var uuid: String
    /// A JSON document.
    public var json: String
    /// A decimal number, exact to at least 18 digits before and 9 behind the point.
    public var decimal: String
    /// Whether a foreign key can be `DEFERRABLE INITIALLY DEFERRED`.
    public var hasDeferredConstraints: Bool

    /// Names the types.
    public init(
        integer: String,
        text: String,
        shortText: String,
        double: String,
        bool: String,
        blob: String,
        timestamp: String,
        uuid: String,
        json: String,
        decimal: String,
        hasDeferredConstraints: Bool = true
    ) {
        self.integer = integer
        self.text = text
        self.shortText = shortText
        self.double = double
        self.bool = bool
        self.blob = blob
        self.timestamp = timestamp
        self.uuid = uuid
        self.json = json
        self.decimal = decimal
        self.hasDeferredConstraints = hasDeferredConstraints
    }

    /// The types of SQLite.
    ///
    /// A decimal is text there: as `NUMERIC`, it would become a floating point number.
    public static let sqlite = ComplianceTypes(
        integer: "INTEGER",
        text: "TEXT",
        shortText: "VARCHAR(255)",
        double: "DOUBLE",
        bool: "BOOLEAN",
        blob: "BLOB",
        timestamp: "TIMESTAMP",
        uuid: "TEXT",
        json: "TEXT",
        decimal: "TEXT"
    )

    /// The types of PostgreSQL.
    public static let postgres = ComplianceTypes(
        integer: "bigint",
        text: "text",
        shortText: "varchar(255)",
        double: "double precision",
        bool: "boolean",
        blob: "bytea",
        timestamp: "timestamp",
        uuid: "uuid",
        json: "jsonb",
        decimal: "numeric"
    )
}
