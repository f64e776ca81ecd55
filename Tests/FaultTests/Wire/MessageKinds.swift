import Foundation

/// Tells which places of faults the messages of one direction of a connection are.
struct MessageKinds {
    private let side: WireSide
    /// The names of the prepared statements that are a COMMIT; the one without a name has the empty one.
    private var commits: Set<String> = []

    init(_ side: WireSide) { self.side = side }

    /// What a message is, which comes behind those that were asked about before.
    mutating func kinds(of message: WireMessage) -> Set<WireFault.Place> {
        guard side == .frontend else { return message.type == "D" ? [.dataRow] : [] }
        switch message.type {
        case "P":
            let name = message.text(0) ?? ""
            if isCommit(message.text(1)) { commits.insert(name) } else { commits.remove(name) }
            return [.parse]
        case "B": return commits.contains(message.text(1) ?? "") ? [.bind, .commit] : [.bind]
        case "E": return [.execute]
        case "Q": return isCommit(message.text(0)) ? [.commit] : []
        case "d": return [.copyData]
        default: return []
        }
    }

    private func isCommit(_ sql: String?) -> Bool {
        let blanks = CharacterSet.whitespacesAndNewlines.union(CharacterSet(charactersIn: ";"))
        return sql?.trimmingCharacters(in: blanks).uppercased() == "COMMIT"
    }
}
