import DataMigrations
import Database

/// Makes up rows of a table.
struct RowFactory<M: Model>: Sendable {
    private let table: FactoryTable
    /// The model's columns, and a value of each that its property takes.
    private let columns: [String]
    private let samples: [Value]
    /// The columns whose properties don't take every number: enumerations.
    private let fixed: Set<String>

    /// Looks at the table.
    ///
    /// - Throws: ``TestDatabaseError`` if the model does not fit it; ``/Database/DatabaseError``.
    init(_ connection: any DatabaseConnection) async throws {
        (columns, samples) = try ModelSample<M>.row()
        fixed = try Self.fixed(columns, samples)
        table = try await FactoryTable(M.table, connection)
        for column in columns where table.schema.column(column) == nil {
            throw TestDatabaseError("the table \(M.table) has no column \(column), which \(M.self) has a property for")
        }
        let made = columns
        let others = table.required.filter { !made.contains($0.name) }
        for column in zip(columns, samples).filter({ !$1.isNull }).map(\.0) + others.map(\.name) {
            try table.checkReference(of: column)
        }
    }

    /// A made-up row.
    ///
    /// - Parameter number: from 1 on.
    /// - Returns: the row.
    /// - Throws: ``/DataMigrations/DecodingFault`` if a property takes nothing that is made up.
    func model(_ number: Int) throws -> M {
        var values = zip(columns, samples).map { column, sample in
            fixed.contains(column) ? sample : table.value(of: column, like: sample, number)
        }
        while true {
            do {
                return try Self.model(columns, values)
            } catch let fault as DecodingFault {
                // A type that checks what it is made of: it takes the sample.
                guard let place = columns.firstIndex(of: fault.column), values[place] != samples[place] else {
                    throw fault
                }
                values[place] = samples[place]
            }
        }
    }

    private static func model(_ columns: [String], _ values: [Value]) throws -> M {
        var rows = Rows(columns: columns)
        for value in values { rows.append(value) }
        return try ModelSample<M>.models(rows)[0]
    }

    /// The columns of numbers that don't take one which is as good as any.
    private static func fixed(_ columns: [String], _ samples: [Value]) throws -> Set<String> {
        let numbers = columns.indices.filter { if case .integer = samples[$0] { true } else { false } }
        return Set(
            numbers.filter { place in
                var values = samples
                values[place] = .integer(99)
                return (try? model(columns, values)) == nil
            }.map { columns[$0] }
        )
    }

    /// What inserts rows, and has sequences count on behind them.
    ///
    /// - Throws: ``/DataMigrations/ModelError``.
    func inserts(_ models: [M]) throws -> [Statement] {
        let (columns, values) = try ModelSample<M>.rows(models)
        let given = columns.indices.filter { table.schema.column(columns[$0])?.isGenerated == false }
        let others = table.required.filter { !columns.contains($0.name) }
        let names = given.map { columns[$0] } + others.map(\.name)
        let rows = models.indices.map { row in
            let own = given.map { values[row * columns.count + $0] }
            return table.insert(names, own + others.map { table.value(of: $0.name, like: nil, row + 1) })
        }
        return rows + table.countingOn
    }
}
