import DataMigrations
import Testing

@Suite("Names")
struct NamingTests {
    @Test(
        "a Swift name becomes snake case",
        arguments: [
            ("name", "name"), ("createdAt", "created_at"), ("legacyUserID", "legacy_user_id"), ("userIDs", "user_i_ds"),
            ("HTTPRequest", "http_request"), ("OrderItem", "order_item"), ("URL", "url"), ("x", "x"), ("", ""),
            ("address2", "address2"), ("line2Text", "line2_text"), ("already_snake", "already_snake"), ("A", "a"),
            ("iso3166Code", "iso3166_code"), ("kebab-case", "kebab_case"), ("two words", "two_words"),
            ("GrößeInCm", "größe_in_cm"), ("BackfillUserSlugs", "backfill_user_slugs"),
        ]
    )
    func snakeCase(_ name: String, _ expected: String) { #expect(Naming.snakeCase(name) == expected) }

    @Test(
        "any spelling becomes a Swift type's name",
        arguments: [
            "backfill_user_slugs", "BackfillUserSlugs", "backfill-user-slugs", "backfillUserSlugs",
            "backfill user slugs",
        ]
    )
    func camelCase(_ name: String) { #expect(Naming.camelCase(name) == "BackfillUserSlugs") }

    @Test(
        "a noun becomes its plural",
        arguments: [
            ("user", "users"), ("category", "categories"), ("day", "days"), ("address", "addresses"), ("box", "boxes"),
            ("branch", "branches"), ("dish", "dishes"), ("quiz", "quizes"), ("order_item", "order_items"),
            ("y", "ys"), ("company", "companies"), ("key", "keys"),
        ]
    )
    func plural(_ noun: String, _ expected: String) { #expect(Naming.plural(noun) == expected) }

    @Test func aModelsTableAndColumnsFollowItsNames() {
        struct OrderItem: Model { var id: Int }
        struct Category: Model {
            static let table = "shop.kinds"
            static let primaryKey = ["code"]
            var code: String
        }
        #expect(OrderItem.table == "order_items")
        #expect(OrderItem.primaryKey == ["id"])
        #expect(OrderItem.column(for: "unitPrice") == "unit_price")
        #expect(Category.table == "shop.kinds")
        #expect(Category.primaryKey == ["code"])
    }
}
