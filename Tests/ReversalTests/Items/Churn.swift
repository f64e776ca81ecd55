import DataMigrations
import TestSupport

/// Inserts into other tables, and changes and deletes rows.
struct Churn<M: Item>: BatchMigration {
    private let recipe: Recipe

    init() { recipe = Recipe() }
    init(_ recipe: Recipe) { self.recipe = recipe }

    var options: MigrationOptions { recipe.options }
    var rows: Query<M> { M.all }

    func process(_ items: [M], _ batch: Batch) async throws {
        try await copy(items, batch)
        if M.isFoundByKey {
            if recipe.swaps { try await swap(items, batch) }
            try await edit(items, batch)
        }
        if let items = items as? [IntegerItem] { try await changeNotes(of: items, batch) }
        try await delete(items, batch)
    }

    private func copy(_ items: [M], _ batch: Batch) async throws {
        // Sources that begin with "old" may be there.
        let word = recipe.conflict == .fail ? "new" : "old"
        let copied = items.filter { takes($0, 40, 2) }
        let conflict: OnConflict =
            switch recipe.conflict {
            case .fail: .fail
            case .skip: .skip("source")
            case .update: .update("source")
            case .updateNote: .update("source", set: ["note"])
            }
        let copies = copied.map { Copy(source: "\(word) \($0.slot)", note: $0.name, score: $0.ratio) }
        let inserted = try await batch.insert(copies, onConflict: conflict)
        for id in inserted.ids.compactMap({ $0 }).prefix(3) {
            try await batch.add([Int64(1), Int64(3)], to: id, in: Copy.tags)
        }
        let labels = copied.map { Label(name: "label \($0.slot % 9)", uses: $0.slot) }
        try await batch.insert(labels, onConflict: .skip("name"))
    }

    /// Exchanges unique values by way of others that nobody has.
    private func swap(_ items: [M], _ batch: Batch) async throws {
        var (first, second) = (items, items)
        for index in items.indices {
            let partner = index ^ 1
            first[index].slot = -items[index].slot
            second[index].slot = items[partner < items.count ? partner : index].slot
        }
        try await batch.update(first, columns: ["slot"])
        try await batch.update(second, columns: ["slot"])
    }

    /// Writes all columns of a row, but its unique one, also those that stay as they are.
    private func edit(_ items: [M], _ batch: Batch) async throws {
        var edited: [M] = []
        for item in items {
            var item = item
            if recipe.edit(&item) { edited.append(item) }
        }
        try await batch.update(edited, columns: Columns.all.map { $0.name })
    }

    private func changeNotes(of items: [IntegerItem], _ batch: Batch) async throws {
        let ids = items.filter { takes($0, 30, 3) }.map { $0.id }
        try await Note.where("item_id IN \(ids)").updateAll("body = coalesce(body, '') || '+'", in: batch)
        let others = items.filter { takes($0, 20, 4) }.map { $0.id }
        try await Note.where("item_id IN \(others)").deleteAll(in: batch)
    }

    private func delete(_ items: [M], _ batch: Batch) async throws {
        guard recipe.deletes > 0 else { return }
        if M.isFoundByKey {
            try await batch.delete(items.filter { takes($0, recipe.deletes, 5) })
        } else {
            try await batch.deleteRows()
        }
    }

    private func takes(_ item: some Item, _ percent: Int, _ purpose: UInt64) -> Bool {
        var random = recipe.choices(item.slot, purpose)
        return random.chance(percent)
    }
}
