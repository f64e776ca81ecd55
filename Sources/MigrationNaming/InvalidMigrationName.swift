/// Why a file's name is not that of a data migration.
public struct InvalidMigrationName: Error, Sendable, Hashable, CustomStringConvertible {
    /// One line that says what is expected.
    public let description: String

    static let shape = InvalidMigrationName(
        description:
            "a data migration's file is named <yyyymmddHHMMSS>_data_<name>.swift or .sql, with a name in snake_case"
    )

    static func version(_ version: String) -> InvalidMigrationName {
        InvalidMigrationName(
            description: "\(version) is no date and time; a data migration's file is named "
                + "<yyyymmddHHMMSS>_data_<name>.swift or .sql, with the time in UTC"
        )
    }
}
