/// A step of a query's plan that costs more than it seems to.
public enum PlanStep: Sendable, Hashable {
    /// All rows of a table are read; with how many of them the planner takes the query to keep, if the line says that.
    case scan(table: String, rows: Int? = nil)
    /// Rows are sorted before the first one is there.
    case sort
    /// Rows are read that a condition then leaves out.
    case filter
    /// Anything else; with how many rows the planner takes the query to have, if the line says that.
    case other(rows: Int?)
}

extension PlanStep {
    /// How many rows the planner takes the query to have behind this step; `nil` where it does not say.
    public var rows: Int? {
        switch self {
        case .scan(_, let rows), .other(let rows): rows
        case .sort, .filter: nil
        }
    }
}
