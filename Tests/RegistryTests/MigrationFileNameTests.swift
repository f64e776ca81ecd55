import MigrationNaming
import Testing

@Suite struct MigrationFileNameTests {
    @Test("a file's name gives version, name and type, and comes back out of them")
    func parts() throws {
        let file = try MigrationFileName(parsing: "20240229235959_data_import_2fa_v2_users.swift")
        #expect(file.version == "20240229235959")
        #expect(file.name == "import_2fa_v2_users")
        #expect(file.typeName == "Import2faV2Users")
        #expect(file.fileName == "20240229235959_data_import_2fa_v2_users.swift")
        #expect(try MigrationFileName(version: file.version, name: file.name) == file)
    }

    @Test("a file in SQL is named alike")
    func sql() throws {
        let file = try MigrationFileName(parsing: "20240229235959_data_import_2fa_v2_users.sql")
        #expect(file.language == .sql)
        #expect(file.name == "import_2fa_v2_users")
        #expect(file.fileName == "20240229235959_data_import_2fa_v2_users.sql")
        #expect(try MigrationFileName(version: file.version, name: file.name, language: .sql) == file)
        #expect(try MigrationFileName(version: file.version, name: file.name) != file)
    }

    @Test(
        "a file named otherwise is refused, with the shape that is expected",
        arguments: [
            "foo.swift", "20240101_data_foo.swift", "20240101120000_foo.swift", "20240101120000_data_.swift",
            "20240101120000_data_Foo.swift", "20240101120000_data_foo__bar.swift", "20240101120000_data_foo_.swift",
            "20240101120000_data_foo-bar.swift", "20240101120000_data_9lives.swift", "20240101120000_data_föö.swift",
            "202401011200001_data_foo.swift", "20240101120000_data_foo.sqlite", "٢٠٢٤٠١٠١١٢٠٠٠٠_data_foo.swift",
        ]
    )
    func badShape(fileName: String) {
        let error = #expect(throws: InvalidMigrationName.self) { try MigrationFileName(parsing: fileName) }
        #expect(
            error?.description
                == "a data migration's file is named <yyyymmddHHMMSS>_data_<name>.swift or .sql, with a name in "
                + "snake_case"
        )
    }

    @Test(
        "a version is a date and time of the calendar",
        arguments: [
            "00000101000000", "20241301000000", "20240001000000", "20240230000000", "20230229000000", "21000229000000",
            "20240431000000", "20240100000000", "20240101240000", "20240101006000", "20240101000060",
        ]
    )
    func badVersion(version: String) {
        let error = #expect(throws: InvalidMigrationName.self) {
            try MigrationFileName(parsing: "\(version)_data_foo.swift")
        }
        #expect(error?.description.hasPrefix("\(version) is no date and time") == true)
    }

    @Test(arguments: ["20000229000000", "20241231235959", "00010101000000"])
    func goodVersion(version: String) {
        #expect(MigrationFileName.isVersion(version))
    }
}
