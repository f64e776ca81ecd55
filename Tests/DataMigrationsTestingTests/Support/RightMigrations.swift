import DataMigrations

/// Fills slugs in place.
struct FillSlugs: RowMigration {
    var rows: Query<Person> { Person.where("slug IS NULL") }
    func transform(_ person: inout Person) { person.slug = "\(person.name)-\(person.id)" }
}

/// Copies people who were not copied before.
struct CopyPeople: BatchMigration {
    var rows: Query<Person> { Person.all }

    func process(_ people: [Person], _ batch: Batch) async throws {
        try await batch.insert(
            people.map { Copied(personID: $0.id, name: $0.name, place: 0) },
            onConflict: .skip("person_id")
        )
    }
}

/// Moves people to another table.
struct RetirePeople: BatchMigration {
    var rows: Query<Person> { Person.where("slug IS NULL") }

    func process(_ people: [Person], _ batch: Batch) async throws {
        try await batch.insert(people.map { Former(personID: $0.id, name: $0.name) })
        try await batch.delete(people)
    }
}

/// Fills slugs by hand, in steps, and says so in a note.
struct FillByHand: DataMigration {
    func up(_ migration: MigrationContext) async throws {
        try await migration.step("note") { batch in
            try await batch.execute("INSERT INTO notes (text) VALUES ('by hand')")
        }
        try await migration.inBatches(Person.where("slug IS NULL"), step: "slugs") { people, batch in
            try await batch.update(people.map { Person(id: $0.id, name: $0.name, slug: "hand-\($0.id)") })
        }
    }

    func down(_ migration: MigrationContext) async throws {
        try await migration.step("slugs") { batch in
            try await batch.execute("UPDATE people SET slug = NULL WHERE slug LIKE 'hand-%'")
            try await batch.execute("DELETE FROM notes WHERE text = 'by hand'")
        }
    }
}

/// Puts a person aside, and fills the slugs of the others.
struct FillMostSlugs: RowMigration {
    struct Refusal: Error {}

    var rows: Query<Person> { Person.where("slug IS NULL") }

    func transform(_ person: inout Person) throws {
        guard person.id != 3 else { throw Refusal() }
        person.slug = "slug-\(person.id)"
    }
}
