import DataMigrations
import DataMigrationsTesting
import Foundation
import Testing

/// Files that nobody made for a test: Debian's packages `ieee-data` and `iso-codes`.
@Suite struct RealInputTests {
    static let registry = "/var/lib/ieee-data/oui.csv"
    static let countries = "/usr/share/iso-codes/json/iso_3166-1.json"

    struct Assignment: Model {
        static let table = "assignments"
        var registry: String
        var assignment: String
        var organizationName: String
        var organizationAddress: String
    }

    struct ImportAssignments: BatchMigration {
        var rows: CSVFile<Assignment> { CSVFile(RealInputTests.registry, nullText: nil) }
        func process(_ rows: [Assignment], _ batch: Batch) async throws { try await batch.insert(rows) }
    }

    @Test(.enabled(if: FileManager.default.fileExists(atPath: registry), "needs Debian's ieee-data"))
    func theRegistryOfTheIEEEArrivesFieldByField() async throws {
        let database = try await TestDatabase()
        try await database.execute(
            """
            CREATE TABLE assignments (id INTEGER PRIMARY KEY, registry TEXT NOT NULL, assignment TEXT NOT NULL,
            organization_name TEXT NOT NULL, organization_address TEXT NOT NULL)
            """
        )
        let report = try await database.run(ImportAssignments())
        #expect(report.status == .succeeded)
        let expected = try JSONDecoder().decode(
            [[String]].self,
            from: python(
                """
                import csv, json, sys
                with open(sys.argv[1], newline='', encoding='utf-8') as file:
                    print(json.dumps(list(csv.reader(file))[1:]))
                """,
                Self.registry
            )
        )
        let stored = try await database.texts(
            "SELECT registry, assignment, organization_name, organization_address FROM assignments ORDER BY id"
        )
        #expect(expected.count > 30_000)
        #expect(report.counters.inserted == expected.count)
        #expect(stored == expected)
    }

    struct Country: Model {
        static let table = "countries"
        static let primaryKey = ["alpha_2"]
        var alpha2: String
        var alpha3: String
        var name: String
        var officialName: String?
        static func column(for property: String) -> String {
            ["alpha2": "alpha_2", "alpha3": "alpha_3"][property] ?? Naming.snakeCase(property)
        }
        enum CodingKeys: String, CodingKey {
            case alpha2 = "alpha_2"
            case alpha3 = "alpha_3"
            case name
            case officialName = "official_name"
        }
    }

    struct ImportCountries: BatchMigration {
        var rows: JSONFile<Country> { JSONFile(RealInputTests.countries, at: "3166-1") }
        func process(_ rows: [Country], _ batch: Batch) async throws { try await batch.insert(rows) }
    }

    @Test(.enabled(if: FileManager.default.fileExists(atPath: countries), "needs Debian's iso-codes"))
    func anArrayInsideOfAnObjectArrivesFieldByField() async throws {
        let database = try await TestDatabase()
        try await database.execute(
            "CREATE TABLE countries (alpha_2 TEXT PRIMARY KEY NOT NULL, alpha_3 TEXT, name TEXT, official_name TEXT)"
        )
        let report = try await database.run(ImportCountries())
        #expect(report.status == .succeeded)
        let expected = try JSONDecoder().decode(
            [[String?]].self,
            from: python(
                """
                import json, sys
                rows = json.load(open(sys.argv[1], encoding='utf-8'))['3166-1']
                print(json.dumps(sorted([r.get(k) for k in ('alpha_2', 'alpha_3', 'name', 'official_name')] for r in rows)))
                """,
                Self.countries
            )
        )
        let stored = try await database.texts(
            "SELECT alpha_2, alpha_3, name, official_name FROM countries ORDER BY alpha_2"
        )
        #expect(expected.count > 200)
        #expect(stored == expected)
    }
}
