/// Which field of a CSV file belongs to which property, settled before the first row.
struct CSVLayout: Sendable {
    /// The names in the header, in the order of the fields.
    let headers: [String]
    /// The columns of the rows: one a field, then those that only have a default.
    let columns: [String]
    /// The bytes of a column's default.
    let defaults: [[UInt8]?]
    /// The columns in the header that have a default.
    let defaultedFields: [Int]
    let nullText: [UInt8]?
    private let columnOfKey: [String: String]

    /// Finds the column of each property.
    ///
    /// - Parameters:
    ///   - names: the names in the header.
    ///   - options: what the migration says about them.
    ///   - properties: what the rows decode to.
    ///   - file: what an error names.
    ///   - line: the header's line, if it is in the file.
    /// - Throws: ``FileSourceError`` if the header and what is asked of it don't fit.
    init(_ names: [String], options: CSVOptions, properties: PropertyList, file: SourceFile, line: Int?) throws {
        let headers = names.enumerated().map { $1.isEmpty ? "column \($0 + 1)" : $1 }
        func refuse(_ problem: String) -> FileSourceError { file.error(problem, line: line) }

        var renamed: [String: String] = [:]
        for (header, property) in options.columns.sorted(by: { $0.key < $1.key }) {
            guard let name = Self.find(header, in: headers) else {
                let isThere = headers.contains { NameMatch.key($0) == NameMatch.key(header) }
                let what = isThere ? "is like several columns of the header" : "the header lacks"
                throw refuse("columns: names \(header), which \(what); it has: \(NameMatch.list(headers))")
            }
            renamed[name] = property
        }
        var columns = headers.map { renamed[$0] ?? $0 }
        var columnOfKey: [String: String] = [:]
        for (header, column) in zip(headers, columns) {
            guard columnOfKey.updateValue(column, forKey: NameMatch.key(column)) == nil else {
                throw refuse("the header has the column \(NameMatch.list([header])) twice: rename one of them")
            }
        }

        var defaults: [[UInt8]?] = columns.map { _ in nil }
        for (name, text) in options.defaults.sorted(by: { $0.key < $1.key }) {
            if let column = columnOfKey[NameMatch.key(name)] ?? Self.find(name, in: headers).map({ renamed[$0] ?? $0 }),
                let index = columns.firstIndex(of: column)
            {
                defaults[index] = Array(text.utf8)
                continue
            }
            guard !properties.isComplete || properties.has(name) else {
                throw refuse("defaults: names \(name), which is neither a column nor a property")
            }
            columns.append(name)
            defaults.append(Array(text.utf8))
            columnOfKey[NameMatch.key(name)] = name
        }

        let missing = properties.required.filter { columnOfKey[NameMatch.key($0)] == nil }
        guard missing.isEmpty else {
            throw refuse(
                "the header has no column for \(NameMatch.list(missing)); it has: \(NameMatch.list(headers))."
                    + " Name the header in columns:, or give a text in defaults:"
            )
        }
        self.headers = headers
        self.columns = columns
        self.defaults = defaults
        self.columnOfKey = columnOfKey
        defaultedFields = headers.indices.filter { defaults[$0] != nil }
        nullText = options.nullText.map { Array($0.utf8) }
    }

    /// The column of a property.
    func column(for property: String) -> String { columnOfKey[NameMatch.key(property)] ?? property }

    /// Whether any property has a column.
    func fits(_ properties: PropertyList) -> Bool {
        properties.all.isEmpty || properties.all.contains { columnOfKey[NameMatch.key($0.name)] != nil }
    }

    /// The header of a name, or the only one that is like it.
    ///
    /// The first one would be another one for a record that is read again, whose headers are in another order.
    private static func find(_ name: String, in headers: [String]) -> String? {
        if headers.contains(name) { return name }
        let alike = headers.filter { NameMatch.key($0) == NameMatch.key(name) }
        return alike.count == 1 ? alike[0] : nil
    }
}
