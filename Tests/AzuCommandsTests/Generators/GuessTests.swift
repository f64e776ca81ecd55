import Testing

@testable import AzuCommands

@Suite struct GuessTests {
    private func words(_ name: String) -> [String] { name.split(separator: "_").map(String.init) }

    @Test(
        "a table is the plural of its words",
        arguments: [
            ("order_item", "order_items", "OrderItem", "orderItem", "orderItems"),
            ("posts", "posts", "Post", "post", "posts"),
            ("classes", "classes", "Class", "`class`", "classes"),
            ("batches", "batches", "BatchRow", "row", "batches"),
            ("sources", "sources", "SourceRow", "source", "sources"),
            ("2024_orders", "orders", "Order", "order", "orders"),
            ("", "records", "Record", "record", "records"),
        ]
    )
    func table(name: String, table: String, model: String, one: String, many: String) {
        let guess = GuessedTable(words(name))
        #expect(guess.name == table)
        #expect(guess.model == model)
        #expect(guess.one == one)
        #expect(guess.many == many)
    }

    @Test(
        "words that say which rows are meant are no part of the table",
        arguments: [("old_orders", "orders"), ("all_expired_user_sessions", "user_sessions"), ("deleted", "records")]
    )
    func adjectives(name: String, table: String) {
        #expect(GuessedTable.withoutAdjectives(words(name)).name == table)
    }

    @Test(
        "a column is what follows the table",
        arguments: [
            ("user_slugs", "users", "slug", "slug"),
            ("user_display_names", "users", "display_name", "displayName"),
            ("slugs_for_blog_posts", "blog_posts", "slug", "slug"),
            ("email_addresses", "users", "email", "email"),
            ("phone_numbers", "users", "phone", "phone"),
            ("user_classes", "users", "class", "`class`"),
            ("address_line_2", "addresses", "line_2", "line_2"),
            ("user_owner_ids", "users", "owner_id", "ownerID"),
            ("user_ids", "users", "value", "value"),
            ("users", "users", "value", "value"),
        ]
    )
    func column(name: String, table: String, column: String, property: String) {
        let guess = GuessedColumn(words(name))
        #expect(guess.table.name == table)
        #expect(guess.name == column)
        #expect(guess.property == property)
    }

    @Test("words of SQL are quoted")
    func quoting() {
        #expect(SwiftName.sql("order") == #"\(identifier: "order")"#)
        #expect(SwiftName.sql("orders") == "orders")
    }
}
