import Foundation

/// The rows of a JSON file that holds an array, plain or zipped by gzip.
///
///     struct Country: Decodable { var alpha2: String; var name: String; var officialName: String? }
///     var rows: JSONFile<Country> { JSONFile("/usr/share/iso-codes/json/iso_3166-1.json", at: "3166-1") }
///
/// The key `official_name` or `officialName` belongs to the property `officialName`. An element that is not what the
/// rows decode from is quarantined with the line it starts at; a file that is damaged between elements, or truncated,
/// fails the run. The file is never loaded as a whole.
public struct JSONFile<Row: Decodable & Sendable>: BatchSource {
    /// The path as the migration names it.
    public let label: String
    let keyPath: String?
    let dates: DateFormats

    /// Names a file.
    ///
    /// - Parameters:
    ///   - path: where the file is; a relative path starts from the project's root.
    ///   - keyPath: the keys of the objects around the array, from the outside: `"data.users"`. A key with a dot in it
    ///     is found too. `nil` if the array is the whole file.
    ///   - dates: how dates are written, tried in turn; ``DateFormat/iso8601`` if none is given.
    public init(_ path: String, at keyPath: String? = nil, dates: DateFormat...) {
        label = path
        self.keyPath = keyPath
        self.dates = DateFormats(dates)
    }

    /// Reads the file a batch at a time.
    public func _reading() -> SourceReading<Row> {
        .file(
            label,
            open: { try JSONArrayReader<Row>($0, keyPath: keyPath, dates: dates, cursor: $1) },
            reread: { try JSONRowDecoder<Row>(dates).reread($1) }
        )
    }
}
