import DataMigrations
import Testing

@testable import Migrations

@Suite struct MigrationsTests {
    @Test func noTwoMigrationsShareAVersionOrAName() throws {
        try MigrationPlan.discovered.validate()
    }
}
