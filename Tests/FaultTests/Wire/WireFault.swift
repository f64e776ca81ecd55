import Testing

/// What goes wrong on a connection, and at which message.
struct WireFault: Sendable, CustomTestStringConvertible {
    /// A kind of message.
    enum Place: String, Sendable {
        /// The client's request that carries COMMIT: a Query, or the Bind of a statement that was parsed from it.
        ///
        /// A Parse alone commits nothing.
        case commit = "COMMIT"
        /// The client's Parse of any statement.
        case parse = "Parse"
        /// The client's Bind of any statement.
        case bind = "Bind"
        /// The client's Execute of any statement.
        case execute = "Execute"
        /// A piece of what the client sends for COPY.
        case copyData = "CopyData"
        /// A row of a result that the server sends.
        case dataRow = "DataRow"
    }

    /// What is done to the connection.
    enum Action: Sendable {
        /// Both ends are reset, and the message gets to neither.
        case cutBefore
        /// Half of the message gets through, then both ends are reset.
        case cutInside
        /// The message gets through, then both ends are reset.
        ///
        /// What the client sends is done by the server before, up to the end of its request; the answer is lost.
        case cutAfter
        /// The message, and what comes behind it, is held for so long.
        case stall(Duration)
        /// Nothing gets through any more, in either direction, and nobody is told.
        case blackhole
    }

    let action: Action
    let place: Place
    /// Which message of that kind it is, from 1, counted over all connections from the moment of arming.
    let number: Int

    init(_ action: Action, at place: Place, _ number: Int = 1) {
        self.action = action
        self.place = place
        self.number = number
    }

    /// What it is called in the tally.
    var name: String {
        switch (action, place) {
        case (.stall, _): "connection stalled"
        case (.blackhole, _): "connection blackholed"
        case (.cutAfter, .commit): "answer of COMMIT lost"
        case (_, .commit): "connection cut before COMMIT"
        case (_, .copyData): "connection cut inside COPY"
        case (_, .dataRow): "connection cut inside a result"
        case (_, .parse), (_, .bind), (_, .execute): "connection cut inside a request"
        }
    }

    var testDescription: String { "\(action) at \(place.rawValue) \(number)" }
}
