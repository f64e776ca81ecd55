import Foundation

/// The rows of a CSV file, plain or zipped by gzip, as `Decodable` structs.
///
///     struct LegacyUser: Decodable { var fullName: String; var email: String?; var createdAt: Date }
///     var rows: CSVFile<LegacyUser> { CSVFile("db/data/legacy_users.csv", dates: .pattern("dd.MM.yyyy")) }
///
/// The header `Full Name`, `full_name`, `fullName` or `FULL-NAME` belongs to the property `fullName`. A header that
/// lacks the column of a property that is neither optional nor given a default is refused before the first row.
///
/// The format is RFC 4180's: fields may be quoted, and then hold delimiters, doubled quotes and line breaks. Lines end
/// with LF, CRLF or CR; blank lines are skipped; a quote inside of a field that does not begin with one is just a
/// character. A record that breaks the rules, or that is not UTF-8, is quarantined with its line number.
public struct CSVFile<Row: Decodable & Sendable>: BatchSource {
    /// The path as the migration names it.
    public let label: String
    let options: CSVOptions

    /// Names a file.
    ///
    /// - Parameters:
    ///   - path: where the file is; a relative path starts from the project's root.
    ///   - delimiter: what separates fields, one ASCII character: `";"`, `"\t"`.
    ///   - quote: what encloses fields, one ASCII character.
    ///   - nullText: an unquoted field with this text is NULL; `nil` if none is. A quoted field is never NULL, so with
    ///     the default `a,,b` has a NULL and `a,"",b` an empty string.
    ///   - header: whether the first record names the columns, or which names they have.
    ///   - columns: for headers that have another name than their property: `["E-Mail (work)": "email"]`.
    ///   - defaults: texts for columns that are absent or NULL, by property: `["theme": "light"]`.
    ///   - dates: how dates are written, tried in turn; ``DateFormat/iso8601`` if none is given.
    ///   - ragged: what becomes of a record with fewer fields than the header. One with more is always malformed.
    ///   - trim: whether blanks and tabs around fields are dropped; those inside of quotes never are.
    public init(
        _ path: String,
        delimiter: Character = ",",
        quote: Character = "\"",
        nullText: String? = "",
        header: CSVHeader = .inFile,
        columns: [String: String] = [:],
        defaults: [String: String] = [:],
        dates: DateFormat...,
        ragged: RaggedRecords = .malformed,
        trim: Bool = false
    ) {
        label = path
        options = CSVOptions(
            delimiter: delimiter,
            quote: quote,
            nullText: nullText,
            header: header,
            columns: columns,
            defaults: defaults,
            dates: DateFormats(dates),
            ragged: ragged,
            trim: trim
        )
    }

    /// Reads the file a batch at a time.
    public func _reading() -> SourceReading<Row> {
        .file(
            label,
            open: { try CSVReader<Row>($0, options: options, cursor: $1) },
            reread: { try CSVRecord.reread($1, as: Row.self, file: $0, options: options) }
        )
    }
}

/// Where the names of a CSV file's columns come from.
public enum CSVHeader: Sendable, Hashable, ExpressibleByArrayLiteral {
    /// The first record holds them.
    case inFile
    /// These are they, and the first record is a row.
    case given([String])

    /// Gives the names.
    public init(arrayLiteral elements: String...) { self = .given(elements) }
}

/// What becomes of a CSV record with fewer fields than the header.
public enum RaggedRecords: Sendable, Hashable {
    /// It is quarantined.
    case malformed
    /// The fields that are missing are NULL.
    case fill
}

/// How a CSV file is to be read.
struct CSVOptions: Sendable {
    var delimiter: Character
    var quote: Character
    var nullText: String?
    var header: CSVHeader
    var columns: [String: String]
    var defaults: [String: String]
    var dates: DateFormats
    var ragged: RaggedRecords
    var trim: Bool
}
