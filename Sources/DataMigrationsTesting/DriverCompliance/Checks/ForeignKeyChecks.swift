import Database

extension DriverCompliance {
    /// Foreign keys, checked at once or at COMMIT.
    static let foreignKeys: [Check] = [
        Check("a row without its parent is a row's fault") { session in
            try await session.createFamily(isDeferred: false)
            try await session.expect(.foreignKeyViolation, of: .execute(session.child(1, of: 1)), "an orphan")
            try session.equal(try await session.column("id", of: ComplianceSession.children), [], "the children")
        },
        Check("a parent with children can't be deleted") { session in
            try await session.createFamily(isDeferred: false)
            try await session.connection.run([.execute(session.parent(1)), .execute(session.child(1, of: 1))])
            let delete = BulkDelete(from: ComplianceSession.parents, keyColumns: ["id"], keys: [1])
            try await session.expect(.foreignKeyViolation, of: .delete(delete), "the delete of a parent")
        },
        Check("checkConstraints raises a deferred violation, COMMIT is not reached") { session in
            guard session.types.hasDeferredConstraints else { return }
            try await session.createFamily(isDeferred: true)
            let error = try await session.error(
                of: [.begin, .execute(session.child(1, of: 1)), .checkConstraints, .commit],
                "a deferred orphan"
            )
            try session.equal(error.code, .foreignKeyViolation, "the code")
            try session.equal(error.kind, .rowFault, "the kind")
            try session.equal(error.statement, 2, "the index of the failed statement")
            try await session.connection.run([.rollback])
            try session.equal(try await session.column("id", of: ComplianceSession.children), [], "the children")
        },
        Check("checkConstraints is content when the parent came later") { session in
            guard session.types.hasDeferredConstraints else { return }
            try await session.createFamily(isDeferred: true)
            try await session.connection.run([
                .begin, .execute(session.child(1, of: 1)), .execute(session.parent(1)), .checkConstraints, .commit,
            ])
            try session.equal(try await session.column("id", of: ComplianceSession.children), ["1"], "the children")
        },
        Check("COMMIT with a deferred violation fails, and the transaction can be rolled back") { session in
            guard session.types.hasDeferredConstraints else { return }
            try await session.createFamily(isDeferred: true)
            let error = try await session.error(
                of: [.begin, .execute(session.child(1, of: 1)), .commit],
                "a deferred orphan"
            )
            try session.equal(error.code, .foreignKeyViolation, "the code")
            try await session.connection.run([.rollback])
            try session.equal(try await session.column("id", of: ComplianceSession.children), [], "the children")
            try await session.connection.run([.begin, .execute(session.parent(2)), .commit])
            try session.equal(try await session.column("id", of: ComplianceSession.parents), ["2"], "the parents")
        },
        Check("a savepoint with a deferred violation can be dropped, and the rest is kept") { session in
            guard session.types.hasDeferredConstraints else { return }
            try await session.createFamily(isDeferred: true)
            let connection = session.connection
            try await connection.transaction {
                try await connection.run([.execute(session.parent(1)), .execute(session.child(1, of: 1))])
                do {
                    try await connection.savepoint("orphans") {
                        _ = try await connection.execute(session.child(2, of: 99))
                    }
                    throw session.failure("the savepoint kept an orphan")
                } catch let error as DatabaseError {
                    try session.equal(error.code, .foreignKeyViolation, "the code")
                }
            }
            try session.equal(try await session.column("id", of: ComplianceSession.children), ["1"], "the children")
        },
    ]
}

extension ComplianceSession {
    fileprivate func createFamily(isDeferred: Bool) async throws {
        let integer: SQL = "\(raw: types.integer)"
        let when: SQL = isDeferred ? " DEFERRABLE INITIALLY DEFERRED" : ""
        try await connection.run([
            .execute("CREATE TABLE \(identifier: Self.parents) (id \(integer) PRIMARY KEY)"),
            .execute(
                """
                CREATE TABLE \(identifier: Self.children) (id \(integer) PRIMARY KEY, parent_id \(integer),
                FOREIGN KEY (parent_id) REFERENCES \(identifier: Self.parents) (id)\(when))
                """
            ),
        ])
    }

    fileprivate func parent(_ id: Int) -> SQL { "INSERT INTO \(identifier: Self.parents) (id) VALUES (\(id))" }

    fileprivate func child(_ id: Int, of parent: Int) -> SQL {
        "INSERT INTO \(identifier: Self.children) (id, parent_id) VALUES (\(id), \(parent))"
    }
}
