package import Database

/// Models that are made up, for tests.
package enum ModelSample<M: Model> {
    /// A made-up row: its columns, and a value of each that its property takes.
    ///
    /// - Throws: ``ModelError`` if a property's type rejects made-up values.
    package static func row() throws -> (columns: [String], values: [Value]) {
        guard let sample = ColumnProbe.sample(M.self) else {
            throw ModelError("a \(M.self) can't be made up: a type of its properties rejects what it is given")
        }
        return try ModelCoding<M>.encode([sample])
    }

    /// The models of rows.
    ///
    /// - Throws: ``DecodingFault``.
    package static func models(_ rows: Rows) throws -> [M] { try ModelCoding<M>.decode(rows) }

    /// The rows of models: their columns, and the values, row after row.
    ///
    /// - Throws: ``ModelError``.
    package static func rows(_ models: [M]) throws -> (columns: [String], values: [Value]) {
        try ModelCoding<M>.encode(models)
    }
}
