import Database

extension DriverCompliance {
    /// One point of the contract.
    public struct Check: Sendable, CustomStringConvertible {
        /// The point, as a sentence.
        public let name: String
        /// Whether it takes two sessions of the same database.
        public let needsSharedDatabase: Bool
        private let body: @Sendable (ComplianceSession) async throws -> Void

        init(
            _ name: String,
            needsSharedDatabase: Bool = false,
            _ body: @escaping @Sendable (ComplianceSession) async throws -> Void
        ) {
            self.name = name
            self.needsSharedDatabase = needsSharedDatabase
            self.body = body
        }

        /// The point, as a sentence.
        public var description: String { name }

        /// Runs the check in a session of its own.
        ///
        /// - Throws: ``ComplianceFailure``, or an error of the driver where none belongs.
        public func run(_ suite: DriverCompliance) async throws {
            let connection = try await suite.connect()
            let session = ComplianceSession(check: name, connection: connection, suite: suite)
            do {
                try await session.dropTables()
                try await body(session)
                try await session.dropTables()
                await connection.close()
            } catch {
                await connection.close()
                throw error is ComplianceFailure ? error : session.failure("\(String(reflecting: error))")
            }
        }
    }
}
