/// A step of a query's plan that costs more than it seems to.
public enum PlanStep: Sendable, Hashable {
    /// All rows of a table are read.
    case scan(table: String)
    /// Rows are sorted before the first one is there.
    case sort
    /// Rows are read that a condition then leaves out.
    case filter
    /// Anything else; with how many rows the planner takes the query to have, if the line says that.
    case other(rows: Int?)
}
