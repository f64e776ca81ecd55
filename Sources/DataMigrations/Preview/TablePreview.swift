import Database

/// Samples the rows of a table: the first batch, the last one, and some between, in the order of the key.
struct TablePreview<Row: Sendable> {
    let reading: TableReading<Row>
    let work: any BatchWork<Row>
    let walk: TableWalk
    let run: PreviewRun
    /// Whether rows are read without a lock: what is written finds them by their version then, or decides itself.
    let readsAhead: Bool

    private var connection: PreviewConnection { run.connection }
    /// How many batches are tried; of a table that has no more, all.
    private static var samples: Int { 5 }
    /// Counting stops here, unless it is to be exact.
    private var countLimit: Int { 1_000_000 }

    func sample() async throws {
        let source = try await connection.unrecorded { try await self.source() }
        run.add(source)
        // What a sweep would find is what the walk finds.
        if run.isByHand {
            _ = try await run.batch(of: feed(after: nil), work)
            if let rows = source.rows, rows > run.options.sample {
                run.note("of the \(rows) rows of \(reading.table), only the first \(run.options.sample) were tried")
            }
        } else if let rows = source.rows, rows <= run.options.sample * Self.samples {
            let feed = feed(after: nil)
            while try await run.batch(of: feed, work) != nil {}
        } else {
            let places = try await connection.unrecorded { try await self.places(source.rows) }
            var reached: [Value]?
            for place in places {
                let batch = try await run.batch(of: feed(after: later(place, reached)), work)
                reached = batch?.table?.lastKey ?? reached
            }
        }
    }

    private func feed(after key: [Value]?) -> TableFeed<Row> {
        let locks = !readsAhead || walk.schema.rowVersion == nil
        return TableFeed(reading, walk: walk, after: key, upTo: nil, connection: connection, locks: locks)
    }

    /// A place, or the end of the batch that was tried last: no row is to be counted twice.
    private func later(_ place: [Value]?, _ reached: [Value]?) -> [Value]? {
        guard walk.keyset.columns.count == 1, case .integer(let first)? = place?.first,
            case .integer(let second)? = reached?.first
        else { return place }
        return [.integer(max(first, second))]
    }

    // MARK: What there is to do

    private func source() async throws -> Preview.Source {
        var source = Preview.Source(label: reading.table)
        // A small table is counted as fast as it is estimated, and often was never analyzed.
        let estimate = try await walk.estimate(in: connection).flatMap { $0 < 100_000 ? nil : $0 }
        if run.options.isExact || estimate == nil {
            let limit = run.options.isExact ? Int.max >> 1 : countLimit
            source.rows = try await connection.query(walk.count(limit: limit)).first?[0].integer.map(Int.init)
            source.isExact = source.rows.map { $0 < limit } ?? false
            if source.rows == limit {
                run.note("\(reading.table) has more than \(limit) rows to visit; --exact counts them")
            }
        } else {
            source.rows = estimate
        }
        guard !walk.isByBlocks else {
            run.note("\(reading.table) has no primary key, so it is read block by block")
            return source
        }
        // Any batch but the first one starts behind a key.
        guard let first = try await key(offset: 0, fromEnd: false) else { return source }
        let query = walk.select(reading, after: first, upTo: nil, limit: run.options.sample)
        source.query = query.rendered(for: connection.dialect).text
        source.plan = try await connection.query(connection.dialect.explanation(of: query)).map { row in
            row.values.last?.text ?? ""
        }
        source.warnings = try await PlanCheck(walk: walk, connection: connection).warnings(
            plan: source.plan,
            matching: source.rows
        )
        return source
    }

    // MARK: Where to look

    /// The keys behind which samples start, in their order; `nil` is the begin of the table.
    private func places(_ rows: Int?) async throws -> [[Value]?] {
        let size = run.options.sample
        guard let rows, rows > size * Self.samples, !walk.isByBlocks else { return [nil] }
        var places: [[Value]?] = [nil]
        if case (.integer(let first), .integer(let last))? = try await ends() {
            let span = Double(last) - Double(first)
            for part in [Double.random(in: 0.1..<0.45), 0.5, Double.random(in: 0.55..<0.9)] {
                places.append([.integer(Int64((Double(first) + span * part).rounded()))])
            }
        } else if rows <= countLimit {
            // Such that no two batches meet.
            for offset in [Int.random(in: size...rows / 2 - size), rows / 2] {
                if let key = try await key(offset: offset, fromEnd: false) { places.append(key) }
            }
        }
        if let last = try await key(offset: size, fromEnd: true) { places.append(last) }
        return places
    }

    /// The first and the last key of the rows to visit, where a key is one value.
    private func ends() async throws -> (Value, Value)? {
        guard walk.keyset.columns.count == 1, let first = try await key(offset: 0, fromEnd: false),
            let last = try await key(offset: 0, fromEnd: true)
        else { return nil }
        return (first[0], last[0])
    }

    private func key(offset: Int, fromEnd: Bool) async throws -> [Value]? {
        try await connection.query(walk.key(offset: offset, fromEnd: fromEnd)).first?.values
    }
}
