import ArgumentParser
import Configuration
import Database

/// The command `azu config`.
struct ConfigCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Show what is set, and where that comes from. Passwords, tokens and webhooks are hidden.",
        discussion: .discussion(
            """
            Flags go before variables of the environment, these before .env.NAME, .env and azu.json; with --env NAME, \
            .env.NAME goes before the environment. Exit code 1: a value is wrong.
            """,
            examples: [
                "What holds here": "azu config",
                "What a run in production would go by": "azu config --env production --workers 4",
                "One setting, for a program":
                    "azu config --output json | jq -r 'select(.setting == \"window\").value'",
            ]
        )
    )

    @OptionGroup var workspace: WorkspaceOptions
    @OptionGroup var options: RunOptions

    func run() throws {
        let settings = try workspace.settings(options.flags)
        let records = SettingRecord.all(settings)
        switch options.output {
        case .json: for record in records { Console.json(record) }
        case .text:
            var table = TextTable(header: ["setting", "value", "from"])
            table.rows = records.map { [$0.setting, $0.error.map { "? \($0)" } ?? $0.text ?? "-", $0.source ?? ""] }
            for line in table.lines { Console.print(line) }
        }
        for variable in settings.unknown { Console.note("\(variable): there is no such setting") }
        let errors = records.compactMap(\.error)
        if let first = errors.first { throw CommandFailure(first) }
    }
}

/// What holds for a setting, for a person and for a program.
struct SettingRecord: Encodable {
    /// What it is called in `azu.json`.
    var setting: String
    var variable: String
    var flag: String?
    /// What holds, as far as it may be shown.
    var value: Value?
    /// Where that comes from: `AZU_WORKERS in .env`; `nil` where nobody says anything, and what is usual holds.
    var source: String?
    /// Why the value can't be used.
    var error: String?

    /// A value as JSON has it.
    enum Value: Encodable, Hashable {
        case text(String)
        case int(Int)
        case number(Double)
        case isOn(Bool)
        case texts([String])

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .text(let value): try container.encode(value)
            case .int(let value): try container.encode(value)
            case .number(let value): try container.encode(value)
            case .isOn(let value): try container.encode(value)
            case .texts(let values): try container.encode(values)
            }
        }
    }

    /// The value as a person would write it.
    private(set) var text: String?

    private enum CodingKeys: CodingKey {
        case setting, variable, flag, value, source, error
    }

    /// All settings, the environment's name first.
    static func all(_ settings: Settings) -> [SettingRecord] {
        let environment = SettingRecord(
            setting: "env",
            variable: "AZU_ENV",
            flag: "--env",
            value: .text(settings.environment),
            source: settings.environmentOrigin,
            text: settings.environment
        )
        return [environment] + Setting.all.map { SettingRecord($0, settings) }
    }
}

extension SettingRecord {
    init(_ setting: Setting, _ settings: Settings) {
        self.init(setting: setting.name, variable: setting.variable, flag: setting.flag)
        do {
            guard let found = try settings.find(setting) else {
                text = setting.usual
                return
            }
            source = found.source.name(of: setting)
            text = setting.secrecy.shown(found.content.text)
            value =
                switch found.content {
                case .int(let number): .int(number)
                case .double(let number): .number(number)
                case .bool(let isOn): .isOn(isOn)
                case .stringArray(let texts): .texts(texts)
                default: text.map(Value.text)
                }
        } catch {
            self.error = (error as? CommandFailure)?.message ?? "\(error)"
        }
    }
}
