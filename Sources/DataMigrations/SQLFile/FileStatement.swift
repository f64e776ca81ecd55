import Database
import SQLFiles

/// A statement of a file of SQL.
struct FileStatement: Sendable {
    /// What it does.
    let shape: SQLShape
    /// Where it begins in the file.
    let position: SQLPosition
    /// The same with the file's name, for messages.
    let place: String
    /// The statement as it is written.
    let text: String
    /// Its first word, in capitals.
    let firstWord: String
    private var template: SQLTemplate
    /// The values of the run, where it has any.
    private var values: FileValues?

    init(_ statement: SQLStatement, in file: String) {
        text = statement.text
        place = "\(file):\(statement.position.line):\(statement.position.column)"
        firstWord = String(statement.text.prefix { $0.isLetter }).uppercased()
        shape = SQLShape(reading: statement.text)
        position = statement.position
        // What comes back, nobody looks at.
        template = SQLTemplate(shape.body)
    }

    /// How often it says `{range}`.
    var ranges: [String?] { template.places.filter { $0.name == SQLBody.range }.map(\.qualifier) }

    /// How many values it binds besides those of the rows.
    var valueCount: Int { template.valueCount }

    /// The same with a run's values in the places of its parameters.
    func binding(_ values: FileValues) -> FileStatement {
        var statement = self
        statement.values = values
        statement.template = template.binding(values)
        return statement
    }

    /// The statement for the rows at hand.
    func sql(_ rows: BatchCondition?) -> SQL { template.sql(rows) }

    /// A piece of its ``shape`` for the rows at hand.
    func sql(of piece: String, _ rows: BatchCondition?) -> SQL {
        let template = SQLTemplate(piece)
        return (values.map(template.binding) ?? template).sql(rows)
    }

    /// The statement as it runs: with a plan of its own for the rows at hand.
    func statement(_ rows: BatchCondition?) -> Statement {
        var statement = shape.verb == .read ? Statement.query(sql(rows), maximumBytes: 1) : .execute(sql(rows))
        statement.isPlannedAnew = true
        return statement
    }

    /// How many rows it has written.
    func counters(_ changes: Int) -> ChangeCounters {
        switch shape.verb {
        case .read: ChangeCounters()
        case .insert, .upsert: ChangeCounters(inserted: changes)
        case .delete: ChangeCounters(deleted: changes)
        case .update, .other: ChangeCounters(changed: changes)
        }
    }
}

extension SQLTemplate {
    /// The SQL for the rows at hand.
    func sql(_ rows: BatchCondition?) -> SQL {
        sql { name, qualifier in
            if name == SQLBody.range, let rows { return rows.sql(called: qualifier) }
            return SQL(raw: "{" + name + (qualifier.map { ":" + $0 } ?? "") + "}")
        }
    }
}
