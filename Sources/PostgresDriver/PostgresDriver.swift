public import Database
public import Foundation

/// Opens `postgresql://user@host/database` and `host=… dbname=…`, as every program that uses libpq does: with the `PG*`
/// variables, the service file and the password file, and TLS by `sslmode` and its kin.
///
/// Beside libpq's own parameters:
///
/// - `pooled=true`: a pooler in transaction mode stands before the server (pgbouncer, RDS Proxy, Supavisor). Nothing is
///   kept in the session from one transaction to the next then.
/// - `schema=shop`: where tables are looked for, and the ledger is made; `public` by default.
/// - `lock_timeout=500ms`, `statement_timeout=1min`: how long a statement waits for a lock (2 s by default), and how long
///   it may take (30 s by default); those that count or verify a whole table are let off. `idle_timeout=20s`: how long a
///   transaction may do nothing before the server ends it (45 s by default). `answer_timeout=1min`: how long the server may
///   say nothing before the connection counts as lost (by default 15 s more than what was sent may take).
public struct PostgresDriver: DatabaseDriver {
    /// `postgresql` and `postgres`.
    public var schemes: [String] { ["postgresql", "postgres"] }

    /// Makes a driver.
    public init() {}

    /// Opens a session.
    ///
    /// - Throws: ``/Database/DatabaseError``.
    public func connect(to url: DatabaseURL, root: URL) async throws -> any DatabaseConnection {
        try await PostgresConnection(ConnectionSettings(url.text))
    }

    /// Creates the database and, if the URL names one, the schema.
    ///
    ///     CREATE DATABASE "shop"
    ///     CREATE SCHEMA IF NOT EXISTS "shop"
    ///
    /// - Throws: ``/Database/DatabaseError``.
    public func create(_ url: DatabaseURL, root: URL) async throws -> CreatedDatabase {
        let settings = try ConnectionSettings(url.text)
        let isNew = try await maintaining(settings) { connection in
            let name = settings.database
            guard try await connection.query("SELECT 1 FROM pg_database WHERE datname = \(name)").isEmpty else {
                return false
            }
            try await connection.execute("CREATE DATABASE \(raw: connection.dialect.quoted(column: name))")
            return true
        }
        guard let schema = settings.schema else { return CreatedDatabase(name: settings.place, isNew: isNew) }
        let isSchemaNew = try await Self.working(settings) { connection in
            guard try await connection.query("SELECT 1 FROM pg_namespace WHERE nspname = \(schema)").isEmpty else {
                return false
            }
            let name = connection.dialect.quoted(column: schema)
            try await connection.execute("CREATE SCHEMA IF NOT EXISTS \(raw: name)")
            return true
        }
        return CreatedDatabase(name: settings.place, isNew: isNew, schema: schema, isSchemaNew: isSchemaNew)
    }

    /// Drops the database, with all that is in it.
    ///
    ///     DROP DATABASE IF EXISTS "shop"
    ///
    /// - Throws: ``/Database/DatabaseError``; also if somebody is connected to it.
    public func drop(_ url: DatabaseURL, root: URL) async throws -> (name: String, wasThere: Bool) {
        let settings = try ConnectionSettings(url.text)
        let wasThere = try await maintaining(settings) { connection in
            let name = settings.database
            let found = try await connection.query("SELECT 1 FROM pg_database WHERE datname = \(name)")
            guard !found.isEmpty else { return false }
            try await connection.execute("DROP DATABASE \(raw: connection.dialect.quoted(column: name))")
            return true
        }
        return (settings.place, wasThere)
    }

    /// Works in a database that every server has, to make or drop another.
    private func maintaining<T: Sendable>(
        _ settings: ConnectionSettings,
        _ body: (PostgresConnection) async throws -> T
    ) async throws -> T {
        let other = settings.database == "postgres" ? "template1" : "postgres"
        return try await Self.working(settings.maintaining(other), body)
    }

    /// Works in a session of its own.
    private static func working<T: Sendable>(
        _ settings: ConnectionSettings,
        _ body: (PostgresConnection) async throws -> T
    ) async throws -> T {
        let connection = try await PostgresConnection(settings)
        do {
            let result = try await body(connection)
            await connection.close()
            return result
        } catch {
            await connection.close()
            throw error
        }
    }
}
