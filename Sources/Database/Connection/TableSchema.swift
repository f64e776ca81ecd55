/// What a database says of one of its tables.
public struct TableSchema: Sendable, Hashable {
    /// One column.
    public struct Column: Sendable, Hashable {
        /// Its name.
        public var name: String
        /// Its declared type, as the database writes it.
        public var type: String
        /// Whether it takes NULL.
        public var isNullable: Bool
        /// Whether the database computes it.
        public var isGenerated: Bool

        /// Makes a column.
        public init(name: String, type: String, isNullable: Bool, isGenerated: Bool = false) {
            self.name = name
            self.type = type
            self.isNullable = isNullable
            self.isGenerated = isGenerated
        }
    }

    /// Rows of another table that the database deletes, or changes, along with a row of this one that is deleted.
    public struct Cascade: Sendable, Hashable {
        /// The other table.
        public var table: String
        /// The columns of its foreign key.
        public var columns: [String]
        /// The columns of this table that they refer to, in the same order.
        public var referenced: [String]
        /// Whether its rows are deleted; otherwise, the foreign key is set to NULL or to its default.
        public var deletes: Bool

        /// Makes a description.
        public init(table: String, columns: [String], referenced: [String], deletes: Bool) {
            self.table = table
            self.columns = columns
            self.referenced = referenced
            self.deletes = deletes
        }
    }

    /// The table's name.
    public var name: String
    /// Its columns, in order.
    public var columns: [Column]
    /// The columns of its primary key, in the order of the key; none if it has no key.
    public var primaryKey: [String]
    /// Its unique constraints and unique indexes over columns, the primary key among them.
    ///
    /// One over expressions, or over part of the rows, is left out: such a conflict is met when the row is written.
    public var uniqueKeys: [[String]]

    /// The name under which the database itself tells rows apart (SQLite's `rowid`); `nil` where it does not, as in a
    /// view.
    public var rowIdentifier: String?
    /// What stands behind the table's name to have it read along its key and in no other order (SQLite's `NOT INDEXED`):
    /// a planner that prefers the index of a condition would sort all that is left, for every batch.
    public var keyOrderHint: String?
    /// The same for a walk along ``rowIdentifier``.
    public var rowIdentifierOrderHint: String?
    /// The name of a column that tells whether a row was changed since it was read (PostgreSQL's `xmin`); `nil` where
    /// there is none, or none is needed.
    public var rowVersion: String?
    /// How many blocks the table has, where ``rowIdentifier`` says in which one a row lies, `(block,number)`: no index
    /// knows that order, so such a table is walked a range of blocks at a time.
    public var blocks: Int?
    /// How many rows the database takes the table to have; `nil` where it does not know.
    public var estimatedRows: Int?
    /// The triggers that writes of its rows meet, by name.
    public var triggers: [String]
    /// What becomes of other tables when a row is deleted.
    public var cascades: [Cascade]

    /// Makes a description.
    public init(
        name: String,
        columns: [Column],
        primaryKey: [String],
        uniqueKeys: [[String]],
        rowIdentifier: String? = nil,
        keyOrderHint: String? = nil,
        rowIdentifierOrderHint: String? = nil,
        rowVersion: String? = nil,
        blocks: Int? = nil,
        estimatedRows: Int? = nil,
        triggers: [String] = [],
        cascades: [Cascade] = []
    ) {
        self.name = name
        self.columns = columns
        self.primaryKey = primaryKey
        self.uniqueKeys = uniqueKeys
        self.rowIdentifier = rowIdentifier
        self.keyOrderHint = keyOrderHint
        self.rowIdentifierOrderHint = rowIdentifierOrderHint
        self.rowVersion = rowVersion
        self.blocks = blocks
        self.estimatedRows = estimatedRows
        self.triggers = triggers
        self.cascades = cascades
    }

    /// The column of this name.
    public func column(_ name: String) -> Column? { columns.first { $0.name == name } }
}
