import CLibPQ
import Foundation
import Logging

/// Logs what a server says besides: `table "users" does not exist, skipping`.
enum NoticeReceiver {
    static func log(_ connection: OpaquePointer, to logger: Logger) {
        // As long as the process lives: libpq does not tell when it needs the receiver no more, and all share one.
        PQsetNoticeReceiver(connection, receive, nil)
    }

    private static let logger = Logger(label: "azu.postgres.notice")

    private static let receive: PQnoticeReceiver = { _, result in
        guard let message = PQresultErrorField(result, Int32(UInt8(ascii: "M"))) else { return }
        let state = PQresultErrorField(result, Int32(UInt8(ascii: "C"))).map { String(cString: $0) } ?? ""
        logger.debug("\(String(cString: message))", metadata: ["sqlstate": "\(state)"])
    }
}
