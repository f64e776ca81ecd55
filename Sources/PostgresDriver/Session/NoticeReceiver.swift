import CLibPQ
import Foundation
import Logging

/// Logs what a server says besides: `table "users" does not exist, skipping`.
enum NoticeReceiver {
    static func attach(to connection: OpaquePointer) {
        PQsetNoticeReceiver(connection, receive, nil)
    }

    /// At level debug.
    private static let logger = Logger(label: "azu.postgres.notice")

    private static let receive: PQnoticeReceiver = { _, result in
        guard let message = PQresultErrorField(result, Int32(UInt8(ascii: "M"))) else { return }
        let state = PQresultErrorField(result, Int32(UInt8(ascii: "C"))).map { String(cString: $0) } ?? ""
        logger.debug("\(String(cString: message))", metadata: ["sqlstate": "\(state)"])
    }
}
