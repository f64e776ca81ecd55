/// What a database can tell of its load.
public enum LoadMeasure: String, Sendable, Hashable, CaseIterable {
    /// How many seconds the replica is behind that is furthest behind.
    case replicationLag = "lag"
    /// Which share of the sessions that the server takes is at work, from 0 to 1.
    case activeConnections = "connections"
    /// How many sessions wait for a lock that sessions with this one's application name hold.
    case waitingLocks = "locks"
    /// How many dead rows a table has to a living one: vacuum has not got to them yet.
    case deadRows = "vacuum"
}
