import DataMigrations

/// Changes and deletes rows by single statements, and then in batches.
struct Steps<M: Item>: DataMigration {
    private let recipe: Recipe

    init() { recipe = Recipe() }
    init(_ recipe: Recipe) { self.recipe = recipe }

    var options: MigrationOptions { recipe.options }

    func up(_ migration: MigrationContext) async throws {
        let recipe = recipe
        try await migration.step("change") { batch in
            try await M.where("amount IS NOT NULL OR flag IS NULL").updateAll(
                "name = coalesce(name, '') || '!', ratio = -ratio, moment = NULL, slot = -slot",
                in: batch
            )
        }
        try await migration.step("delete") { batch in
            if recipe.deletes > 0 { try await M.where("slot % 3 = 0").deleteAll(in: batch) }
        }
        try await migration.step("insert") { batch in
            let copies = (1...150).map { Copy(source: "step \($0)", note: nil, score: Double($0) / 7) }
            try await batch.insert(copies)
        }
        try await migration.inBatches(M.all, step: "walk") { items, batch in
            try await Churn<M>(recipe).process(items, batch)
        }
        try await migration.step("clear") { batch in
            try await Copy.where("source LIKE 'step%' AND score > 10").deleteAll(in: batch)
        }
    }
}
