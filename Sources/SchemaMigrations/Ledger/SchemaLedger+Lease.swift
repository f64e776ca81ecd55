import Database

/// The right to migrate the schema, which one process has at a time.
///
/// It ends by the database's clock. Taking it over raises its epoch, which each transaction of a migration checks:
/// whoever lost it, however late it wakes up, changes nothing any more. There is no lock of a session in it, so a
/// pooler does not mind.
struct SchemaLease: Sendable, Hashable {
    var epoch: Int64
}

/// `schema_migration_lease`: one row.
extension SchemaLedger {
    var leaseTable: SQL {
        """
        CREATE TABLE IF NOT EXISTS schema_migration_lease (id INTEGER NOT NULL PRIMARY KEY, \
        \(identifier: "owner") VARCHAR(255), epoch BIGINT NOT NULL, lease_until BIGINT NOT NULL)
        """
    }

    /// Takes the lease, if nobody has it, its time is over, or its owner is gone; or if it was granted before and the
    /// answer lost.
    ///
    /// - Returns: `nil` if another process has it.
    func claim(_ holder: LeaseHolder) async throws -> SchemaLease? {
        do {
            let known = try await connection.query(
                "SELECT \(identifier: "owner"), epoch FROM schema_migration_lease WHERE id = 1"
            )
            let isAbandoned = known.first?[0].text.flatMap(LeaseHolder.init(name:))?.isGone ?? false
            let claimed = try await connection.query(
                """
                UPDATE schema_migration_lease SET \(identifier: "owner") = \(holder.name), epoch = epoch + 1,
                lease_until = \(leaseEnd(leaseTime))
                WHERE id = 1 AND epoch = \(known.first?[1].integer ?? 0)
                AND (\(identifier: "owner") IS NULL OR \(identifier: "owner") = \(holder.name)
                OR lease_until < \(now) OR \(isAbandoned ? 1 : 0) = 1)
                RETURNING epoch
                """
            )
            return claimed.first?[0].integer.map { SchemaLease(epoch: $0) }
        } catch let error as DatabaseError where error.code == .busy {
            // A file's transaction keeps the row for as long as it lasts. Where nobody has the lease, it is somebody
            // else who keeps others from writing.
            guard await self.holder() != nil else { throw error }
            return nil
        }
    }

    /// Who has the lease; `nil` if nobody has, or it can't be read now.
    func holder() async -> LeaseHolder? {
        let rows = try? await connection.query(
            "SELECT \(identifier: "owner") FROM schema_migration_lease WHERE id = 1"
        )
        return rows?.first?[0].text.flatMap(LeaseHolder.init(name:))
    }

    /// Has the lease begin anew, and last for so long; changes no row if another process has taken it over.
    func renew(_ lease: SchemaLease, for time: Duration? = nil) -> Statement {
        .execute(
            """
            UPDATE schema_migration_lease SET lease_until = \(leaseEnd(time ?? leaseTime))
            WHERE id = 1 AND epoch = \(lease.epoch)
            """,
            expectedChanges: 1
        )
    }

    /// Gives the lease back.
    func release(_ lease: SchemaLease) -> Statement {
        .execute(
            """
            UPDATE schema_migration_lease SET \(identifier: "owner") = NULL, lease_until = 0
            WHERE id = 1 AND epoch = \(lease.epoch)
            """
        )
    }

    private func leaseEnd(_ time: Duration) -> SQL { "\(now) + \(Int(time / .milliseconds(1)))" }
}
