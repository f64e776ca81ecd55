import Database
import Foundation
import Testing

@Suite(.enabled(if: TestServer.isThere), .serialized)
struct TypeTests {
    private func check(_ sample: Sample) async throws {
        try await TestServer.withConnection { connection in
            for type in Sample.ownTypes { try await connection.execute(type) }
            try await sample.check(in: connection)
        }
    }

    @Test(arguments: Sample.natural)
    func aValueComesBackAsTheServerWritesIt(_ sample: Sample) async throws {
        try await check(sample)
    }

    @Test(arguments: Sample.written)
    func textIsReadAsTheServerReadsItWhateverTheType(_ sample: Sample) async throws {
        try await check(sample)
    }

    @Test(arguments: Sample.limited)
    func aTypeWithALengthKeepsAllOfIt(_ sample: Sample) async throws {
        try await check(sample)
    }

    @Test func oneColumnOfAnUnknownTypeLeavesTheOthersAsTheyAre() async throws {
        try await TestServer.withConnection { connection in
            let rows = try await connection.query(
                """
                SELECT CAST('10.0.0.1/8' AS inet), CAST(5 AS int4), CAST(0.5 AS float8), true, CAST('\\x00ff' AS bytea),
                CAST('2001-01-01 00:00:01' AS timestamp), CAST(NULL AS int4), CAST('x' AS text), CAST(1.50 AS numeric)
                WHERE 1 = \(1)
                """
            )
            let instant = Date(timeIntervalSinceReferenceDate: 1)
            #expect(
                rows.map(\.values) == [
                    [
                        .text("10.0.0.1/8"), .integer(5), .double(0.5), .integer(1), .blob([0, 255]), .date(instant),
                        .null, .text("x"), .text("1.50"),
                    ]
                ]
            )
        }
    }
}
