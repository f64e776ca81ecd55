import DataMigrations
import DataMigrationsTesting
import Database
import Foundation
import Testing

@testable import AzuCommands

@Suite struct MetricsFileTests {
    private struct Item: Model {
        var id: Int64
        var label: String?
    }

    private struct Label: RowMigration {
        var fails = false
        var options: MigrationOptions { MigrationOptions(batchSize: .fixed(10)) }
        var rows: Query<Item> { Item.where("label IS NULL") }

        func transform(_ item: inout Item) { item.label = "item \(item.id)" }

        func verify(_ database: any DatabaseAccess) async throws {
            if fails { try await database.expect(none: Item.all) }
        }
    }

    private func run(_ migration: Label, to file: URL, rowsPerSecond: Double? = nil) async throws {
        let database = try await TestDatabase()
        try await database.execute("CREATE TABLE items (id INTEGER PRIMARY KEY, label TEXT)")
        try await database.execute(
            """
            INSERT INTO items (id) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 25)
            SELECT i FROM n
            """
        )
        let entry = MigrationPlan.Entry(version: "20240101000001", name: "label_items") { migration }
        let limits = RunLimits(rowsPerSecond: rowsPerSecond)
        _ = try await Runner(database.connection, observer: MetricsFile(file), limits: limits).migrate(entry)
    }

    private static let labels = #"version="20240101000001",migration="label_items",direction="up""#

    @Test func aRunThatSucceedsIsInTheFile() async throws {
        let folder = try SettingsFolder()
        let file = folder.url.appending(path: "azu.prom")
        try await run(Label(), to: file)
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map(String.init)
        for line in [
            "# TYPE azu_rows_visited_total counter", "azu_rows_visited_total{\(Self.labels)} 25",
            "azu_rows_written_total{\(Self.labels),operation=\"update\"} 25", "azu_batches_total{\(Self.labels)} 3",
            "azu_batch_size_rows_sum{\(Self.labels)} 25", "azu_batch_duration_seconds_count{\(Self.labels)} 3",
            "azu_runs_total{\(Self.labels),status=\"succeeded\"} 1", "azu_runs_active{\(Self.labels)} 0",
            "azu_rows_expected{\(Self.labels)} 25", "azu_run_waiting{\(Self.labels)} 0",
        ] {
            #expect(lines.contains(line), "\(line) in \(lines)")
        }
        // Nothing else is left, whatever was written on the way.
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path()) == ["azu.prom"])
    }

    @Test func aRunThatFailsIsInTheFile() async throws {
        let folder = try SettingsFolder()
        let file = folder.url.appending(path: "azu.prom")
        await #expect(throws: MigrationError.self) { try await run(Label(fails: true), to: file) }
        let text = try String(contentsOf: file, encoding: .utf8)
        #expect(text.contains("azu_runs_total{\(Self.labels),status=\"failed\"} 1\n"))
        #expect(text.contains("azu_rows_visited_total{\(Self.labels)} 25\n"))
        withExtendedLifetime(folder) {}
    }

    @Test func theTimeThatARunWaitsIsInTheFile() async throws {
        let folder = try SettingsFolder()
        let file = folder.url.appending(path: "azu.prom")
        // Behind each batch of ten rows, a fifth of a second but for the time that it took: on a busy machine, all of it.
        try await run(Label(), to: file, rowsPerSecond: 50)
        let text = try String(contentsOf: file, encoding: .utf8)
        func value(_ name: String) -> Double? {
            let line = text.split(separator: "\n").first { $0.hasPrefix("\(name){\(Self.labels)") }
            return line?.split(separator: " ").last.flatMap { Double($0) }
        }
        let waited = try #require(value("azu_throttled_seconds_total"))
        let worked = try #require(value("azu_batch_duration_seconds_sum"))
        #expect(waited + worked >= 0.4)
        #expect(waited + worked <= (value("azu_run_duration_seconds_sum") ?? 0))
        withExtendedLifetime(folder) {}
    }

    @Test func aFileThatCannotBeWrittenKeepsNoRunFromItsEnd() async throws {
        try await run(Label(), to: URL(filePath: "/nowhere/at/all/azu.prom"))
    }
}
