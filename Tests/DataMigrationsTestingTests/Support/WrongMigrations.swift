import DataMigrations
import Foundation

/// Does more each time that it is run.
struct Shout: RowMigration {
    var rows: Query<Person> { Person.all }
    func transform(_ person: inout Person) { person.name += "!" }
}

/// Copies people once more each time that it is run.
struct CopyBlindly: BatchMigration {
    var rows: Query<Person> { Person.all }

    func process(_ people: [Person], _ batch: Batch) async throws {
        try await batch.insert(people.map { Former(personID: $0.id, name: $0.name) })
    }
}

/// Writes beside its steps: that is done again by a run that is resumed.
struct NoteTwice: DataMigration {
    func up(_ migration: MigrationContext) async throws {
        try await migration.execute("INSERT INTO notes (text) VALUES ('begun')")
        try await migration.step("slugs") { batch in
            try await batch.execute("UPDATE people SET slug = 'x' WHERE slug IS NULL")
        }
    }
}

/// Takes back more than it did.
struct ForgetSlugs: RowMigration {
    var rows: Query<Person> { Person.where("slug IS NULL") }
    func transform(_ person: inout Person) { person.slug = "new" }

    func down(_ migration: MigrationContext) async throws {
        try await migration.step("forget") { try await $0.execute("UPDATE people SET slug = NULL") }
    }
}

/// Can't be taken back.
struct BurnBridges: RowMigration {
    var options: MigrationOptions { MigrationOptions(journal: .off) }
    var rows: Query<Person> { Person.where("slug IS NULL") }
    func transform(_ person: inout Person) { person.slug = "new" }
}

/// Numbers people by their places in a batch.
struct NumberInBatch: BatchMigration {
    var rows: Query<Person> { Person.all }

    func process(_ people: [Person], _ batch: Batch) async throws {
        try await batch.insert(
            people.enumerated().map { Copied(personID: $1.id, name: $1.name, place: $0) },
            onConflict: .skip("person_id")
        )
    }
}

/// Puts people aside by who else is in their batch.
struct RefuseLargeBatches: BatchMigration {
    struct Refusal: Error {}

    var rows: Query<Person> { Person.where("slug IS NULL") }

    func process(_ people: [Person], _ batch: Batch) async throws {
        for (place, person) in people.enumerated() where place % 3 == 2 {
            batch.quarantine(place, "the third")
            _ = person
        }
        let others = people.enumerated().filter { $0.offset % 3 != 2 }.map(\.element)
        try await batch.insert(others.map { Copied(personID: $0.id, name: $0.name, place: 0) })
    }
}

/// Reads people long before it writes them, with all that they were.
struct WriteStale: DataMigration {
    func up(_ migration: MigrationContext) async throws {
        let people = try await Person.where("slug IS NULL").fetch(in: migration)
        try await migration.step("slugs") { batch in
            try await batch.update(people.map { Person(id: $0.id, name: $0.name, slug: "\($0.name)-\($0.id)") })
        }
    }
}

/// Moves people as they were long before.
struct RetireStale: DataMigration {
    func up(_ migration: MigrationContext) async throws {
        let people = try await Person.where("slug IS NULL").fetch(in: migration)
        try await migration.step("move") { batch in
            try await batch.insert(people.map { Former(personID: $0.id, name: $0.name) })
            try await batch.delete(people)
        }
    }
}

/// Leaves something else each time.
struct Stamp: RowMigration {
    var rows: Query<Person> { Person.where("slug IS NULL") }
    func transform(_ person: inout Person) { person.slug = UUID().uuidString }
}
