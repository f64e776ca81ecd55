import Database
import Foundation
import GRDB
import GRDBSQLite

/// Turns SQLite's result codes into the errors of the contract.
enum SQLiteFailure {
    /// An error of GRDB, of the C library, or of our own.
    static func translate(_ error: any Error, path: String) -> any Error {
        guard let failure = error as? GRDB.DatabaseError else { return error }
        return translate(
            code: failure.extendedResultCode.rawValue,
            message: failure.message ?? "unknown error",
            sql: failure.sql,
            path: path
        )
    }

    /// The error that the connection has just met.
    static func last(_ connection: OpaquePointer?, sql: String?) -> ContractError {
        translate(
            code: sqlite3_extended_errcode(connection),
            message: String(cString: sqlite3_errmsg(connection)),
            sql: sql,
            path: sqlite3_db_filename(connection, "main").map { String(cString: $0) } ?? ":memory:"
        )
    }

    private static func translate(
        code: Int32,
        message: String,
        sql: String?,
        path: String
    ) -> ContractError {
        func error(_ code: ContractError.Code, _ text: String? = nil) -> ContractError {
            ContractError(code, text ?? message, sql: sql, constraint: constraint(in: message))
        }
        switch code {
        case SQLITE_CONSTRAINT | (8 << 8), SQLITE_CONSTRAINT | (6 << 8), SQLITE_CONSTRAINT | (10 << 8):
            return error(.uniqueViolation)
        case SQLITE_CONSTRAINT | (3 << 8): return error(.foreignKeyViolation)
        case SQLITE_CONSTRAINT | (5 << 8): return error(.notNullViolation)
        // A value of another type, in a STRICT table.
        case SQLITE_CONSTRAINT | (12 << 8): return error(.invalidData)
        default: break
        }
        switch code & 0xff {
        case SQLITE_CONSTRAINT: return error(.checkViolation)
        case SQLITE_MISMATCH, SQLITE_TOOBIG, SQLITE_RANGE: return error(.invalidData)
        case SQLITE_BUSY, SQLITE_LOCKED:
            return error(.busy, "the database \(path) is locked by another process; end it, or try again later")
        case SQLITE_FULL: return error(.diskFull, "the disk of \(path) is full; make room and run again")
        case SQLITE_READONLY: return error(.readOnly, "the database \(path) can't be written: \(message)")
        case SQLITE_CANTOPEN: return error(.cannotOpen, "can't open the database \(path): \(message)")
        case SQLITE_CORRUPT, SQLITE_NOTADB:
            return error(.corrupt, "\(path) is damaged or no SQLite database: \(message)")
        case SQLITE_INTERRUPT: return error(.interrupted)
        case SQLITE_IOERR: return error(.other, "reading or writing \(path) failed: \(message)")
        case SQLITE_MISUSE: return error(.misuse)
        case SQLITE_ERROR: return error(self.code(of: message))
        default: return error(.other)
        }
    }

    private static func code(of message: String) -> ContractError.Code {
        if message.hasPrefix("no such table") { return .missingTable }
        if message.hasPrefix("no such column") || message.contains("has no column named") { return .missingColumn }
        if message.contains("syntax error") || message.contains("incomplete input") { return .syntax }
        // A function that is handed a row's value: json_extract, CAST in a generated column, and their like.
        if message.hasPrefix("malformed JSON") || message == "integer overflow" { return .invalidData }
        return .other
    }

    /// Writes `UNIQUE constraint failed: users.email, users.tenant`.
    private static func constraint(in message: String) -> ContractError.Constraint? {
        guard let range = message.range(of: "constraint failed: ") else { return nil }
        let names = message[range.upperBound...].split(separator: ", ").map { $0.split(separator: ".") }
        guard names.allSatisfy({ $0.count == 2 }), let table = names.first?.first else { return nil }
        return .init(table: String(table), columns: names.map { String($0[1]) })
    }
}
