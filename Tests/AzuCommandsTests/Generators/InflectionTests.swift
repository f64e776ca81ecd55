import Testing

@testable import AzuCommands

@Suite struct InflectionTests {
    @Test(
        arguments: [
            ("user", "users"), ("category", "categories"), ("day", "days"),
            ("address", "addresses"),
            ("status", "statuses"), ("box", "boxes"), ("branch", "branches"), ("purchase", "purchases"),
            ("size", "sizes"),
            ("person", "people"), ("cache", "caches"), ("alias", "aliases"), ("series", "series"), ("data", "data"),
        ]
    )
    func bothWays(singular: String, plural: String) {
        #expect(Inflection.singular(plural) == singular)
        #expect(Inflection.plural(singular) == plural)
        #expect(Inflection.singular(singular) == singular)
        #expect(Inflection.plural(plural) == plural)
    }
}
