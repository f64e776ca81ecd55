import DataMigrationsTesting
import Foundation
import Testing

@testable import DataMigrations

@Suite struct ParameterTests {
    enum Region: String, CaseIterable, ParameterValue { case north, south }
    enum Level: Int, ParameterValue {
        case low = 1
        case high = 10
    }

    struct Everything: DataMigration {
        @Parameter var text: String
        @Parameter("A day.") var day: Date
        @Parameter var count = 3
        @Parameter("A share.", default: 0.5, validate: { (0...1).contains($0) }) var share: Double
        @Parameter var isLoud: Bool?
        @Parameter var region: Region
        @Parameter var level: Level?
        let other = 7
        func up(_ migration: MigrationContext) async throws {}
    }

    private static let least = ["text": "x", "day": "2024-01-31", "region": "south"]

    @Test func aMigrationTellsItsParametersInTheirOrder() {
        let parameters = Everything().parameters
        #expect(parameters.map(\.name) == ["text", "day", "count", "share", "isLoud", "region", "level"])
        #expect(parameters.map(\.type.kind) == [.text, .date, .integer, .number, .boolean, .text, .integer])
        #expect(parameters.map(\.isRequired) == [true, true, false, false, false, true, false])
        #expect(parameters[1].help == "A day.")
        #expect(parameters[2].defaultValue == .integer(3))
        #expect(parameters[5].type.choices == ["north", "south"])
        #expect(parameters[6].type.isOptional)
    }

    @Test func valuesAreReadByTheirTypesAndBoundToThatMigrationAlone() throws {
        let (migration, other) = (Everything(), Everything())
        var texts = Self.least
        texts["is-loud"] = "yes"
        texts["level"] = "10"
        texts["count"] = "-9"
        let values = try migration.values(setting: texts, of: "everything")
        try migration.bind(values, of: "everything")
        let copy = migration
        #expect(copy.text == "x")
        #expect(copy.day == Timestamp.parse("2024-01-31"))
        #expect(copy.count == -9)
        #expect(copy.share == 0.5)
        #expect(copy.isLoud == true)
        #expect(copy.region == .south)
        #expect(copy.level == .high)
        #expect(migration.parameters.map(\.value) == migration.parameters.map { values[$0.name] })
        #expect(other.count == 3)
        #expect(other.isLoud == nil)
        #expect(other.parameters.allSatisfy { $0.value == nil })
    }

    @Test func aValueSetInSwiftTakesTheDefaultsPlaceInThatCopyAlone() throws {
        let first = Everything()
        var second = first
        second.count = 8
        second.text = "given"
        #expect(first.count == 3)
        #expect(try second.values(setting: ["day": "2024-01-31", "region": "north"], of: "e")["text"] == "given")
        try second.bind(["count": .integer(9)], of: "e")
        #expect(second.count == 9)
        #expect(first.count == 3)
    }

    static let wrong: [(texts: [String: String], part: String)] = [
        (["day": "tomorrow"], "day of everything takes a date, such as 2024-01-31"),
        (["day": "2024-02-30"], "(A day.)"),
        (["count": "1.5"], "count of everything takes an integer"),
        (["count": "9223372036854775808"], "takes an integer"),
        (["share": "nan"], "share of everything takes a number"),
        (["share": "2"], "share of everything is refused by its validation (A share.)"),
        (["isLoud": "perhaps"], "takes true or false"),
        (["region": "east"], "region of everything takes one of north, south"),
        (
            ["colour": "red"],
            "everything has no parameter colour; there are text, day, count, share, isLoud, region, level"
        ),
        (["is_loud": "1", "isLoud": "0"], "isLoud of everything is given twice"),
    ]

    @Test(arguments: wrong) func aValueThatWillNotDoIsNamedButNotShown(texts: [String: String], part: String) throws {
        let all = Self.least.merging(texts) { $1 }
        let error = #expect(throws: MigrationError.self) { try Everything().values(setting: all, of: "everything") }
        #expect(error?.code == .arguments)
        let description = error?.description ?? ""
        #expect(description.contains(part), "\(description)")
        for value in texts.values where value.count > 1 { #expect(!description.contains(value)) }
    }

    @Test func aRawValueThatIsNoCaseIsRefused() {
        let texts = Self.least.merging(["level": "2"]) { $1 }
        let error = #expect(throws: MigrationError.self) { try Everything().values(setting: texts, of: "everything") }
        #expect(error?.code == .arguments)
    }

    @Test func missingValuesAreAllNamedWithTheirHelp() {
        let error = #expect(throws: MigrationError.self) { try Everything().values(of: "everything") }
        #expect(
            error?.description
                == "everything needs a value for text, day (A day.), region: --set text=… --set day=… --set region=…"
        )
    }

    @Test func whatAValidationThrowsIsTold() {
        struct Odd: DataMigration {
            struct Even: Error, CustomStringConvertible {
                var description: String { "even numbers are others' business" }
            }
            @Parameter(validate: { if $0 % 2 == 0 { throw Even() } else { true } }) var number: Int
            func up(_ migration: MigrationContext) async throws {}
        }
        let error = #expect(throws: MigrationError.self) { try Odd().values(setting: ["number": "4"], of: "odd") }
        #expect(error?.description == "number of odd is refused: even numbers are others' business")
    }

    @Test func recordedValuesHoldAndOthersAreRefused() throws {
        let recorded = try Everything().values(setting: Self.least, of: "everything")
        #expect(try Everything().values(recorded: recorded, of: "everything") == recorded)
        #expect(try Everything().values(setting: Self.least, recorded: recorded, of: "everything") == recorded)
        let error = #expect(throws: MigrationError.self) {
            try Everything().values(setting: ["day": "2024-02-01"], recorded: recorded, of: "everything")
        }
        #expect(error?.description.hasPrefix("the run of everything began with another day;") == true)
    }

    @Test func aRecordedValueOfAnotherTypeIsRefused() {
        let error = #expect(throws: MigrationError.self) {
            try Everything().bind(["day": .text("2024")], of: "everything")
        }
        #expect(error?.code == .arguments)
    }

    @Test func whatIsStoredComesBack() throws {
        let values = try Everything().values(setting: Self.least, of: "everything")
        let stored = BoundArguments(parameters: values)
        #expect(BoundArguments(json: stored.json)?.parameters == values)
        // An older program's, and that of a migration without parameters.
        #expect(BoundArguments().json == #"{"steps":{}}"#)
        #expect(BoundArguments(json: #"{"steps":{}}"#)?.parameters == [:])
    }

    @Test func aFilesParametersAreReadByTheNamesOfTypes() throws {
        let names = ["date", "TIMESTAMP", "int", "bigint", "text", "String", "double", "bool"]
        #expect(
            names.map { ParameterType(name: $0)?.kind }
                == [.date, .date, .integer, .integer, .text, .text, .number, .boolean]
        )
        #expect(ParameterType(name: "date?") == ParameterType(kind: .date, isOptional: true))
        #expect(ParameterType(name: "money") == nil)
        let parameter = ParameterDescription(name: "cutoff", type: .date, help: "A day.")
        #expect(parameter.isRequired)
        #expect(!parameter.bind(.text("2024-01-01")))
        #expect(parameter.bind(.date(.distantPast)))
        #expect(parameter.value == .date(.distantPast))
    }

    @Test(arguments: ["2024-01-31", "2024-01-31 12:30:00", "2024-01-31 12:30:00.5"])
    func aDateIsWrittenAsItCanBeGiven(text: String) throws {
        let value = try #require(ParameterType.date.value(of: text))
        #expect(ParameterType.date.value(of: ParameterType.date.text(of: value)) == value)
    }

    @Test func noTextIsNoValueWhereThereNeedBeNone() {
        #expect(Int?.parameterType.value(of: "") == .null)
        #expect(String?.parameterType.value(of: "") == .text(""))
        #expect(Int.parameterType.value(of: "") == nil)
    }
}
