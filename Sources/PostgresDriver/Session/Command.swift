import Database

/// One statement as it is sent.
struct Command {
    /// Whether the server makes a plan for the values at hand: one for a bulk statement joins by hash, where a plan that
    /// knows nothing of the arrays looks up row by row.
    ///
    /// `plan_cache_mode` would do the same, and have each check of a foreign key planned anew besides.
    var isPlannedAnew = false

    /// What is made of the result.
    enum Result {
        /// Nothing.
        case nothing
        /// The number of rows that were changed, as the server tells it.
        case changes
        /// The rows, and how many were changed.
        case rows
        /// The number in the only field: how many rows were changed, by a statement that raises if they are too few.
        case guardedChanges
    }

    /// The text, with `$1` and so on.
    var sql: String
    var parameters = ParameterList()
    /// How the server knows it; `nil` for a statement without parameters, which is not prepared.
    var prepared: PreparedStatement?
    var result = Result.changes
    /// After how many bytes of rows the rest is thrown away.
    var maximumBytes: Int?
}

/// A statement that the server has parsed.
final class PreparedStatement {
    /// Its name; empty where names can't be used.
    let name: String
    let parameterTypes: [UInt32]
    let columns: ResultColumns
    /// The bytes of a result's rows, as they were the last time: a large result is read row by row.
    var lastByteCount: Int?

    init(name: String, parameterTypes: [UInt32], columns: ResultColumns) {
        self.name = name
        self.parameterTypes = parameterTypes
        self.columns = columns
    }
}

/// The columns of a result, and how their fields are read.
struct ResultColumns {
    let names: [String]
    let forms: [FieldForm?]
    /// For a column of arrays, the type of their elements.
    let elements: [UInt32?]

    /// Whether all of them have a binary form: a result is sent all in text, or all in binary.
    var isBinary: Bool { forms.allSatisfy { $0 != nil } }
}
