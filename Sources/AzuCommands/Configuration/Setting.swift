import Configuration

/// Something that can be set: by a flag, by a variable, or in `azu.json`.
struct Setting: Sendable {
    /// What it is called in `azu.json` and by `azu config`: `maxRowsPerSecond`.
    let name: String
    /// Its key in swift-configuration, which makes the variable's name of it.
    let key: AbsoluteConfigKey
    /// The variable of the environment and of the `.env` files: `AZU_MAX_ROWS_PER_SECOND`.
    let variable: String
    /// The flag; `nil` where it has none.
    let flag: String?
    /// What kind of value it takes.
    let type: ConfigType
    /// What it takes, for a person: `a number from 1 to 64`.
    let takes: String
    /// What holds where nobody says anything, for a person; `nil` for nothing.
    let usual: String?
    /// How much of its value may be shown.
    let secrecy: Secrecy
    /// Whether it is a decision about one run: then no file may make it.
    let isOfOneRun: Bool
    /// Whether it takes a value of the right type.
    let accepts: @Sendable (ConfigContent) -> Bool

    init(
        _ name: String,
        variable: String,
        key: [String]? = nil,
        flag: String? = nil,
        _ type: ConfigType = .string,
        takes: String,
        usual: String? = nil,
        secrecy: Secrecy = .none,
        isOfOneRun: Bool = false,
        accepts: @escaping @Sendable (ConfigContent) -> Bool = { _ in true }
    ) {
        self.name = name
        self.key = AbsoluteConfigKey(key ?? ["azu", name])
        self.variable = variable
        self.flag = flag
        self.type = type
        self.takes = takes
        self.usual = usual
        self.secrecy = secrecy
        self.isOfOneRun = isOfOneRun
        self.accepts = accepts
    }
}

extension Setting {
    /// The flags that are given, for ``Settings``.
    static func given(_ flags: [(Setting, Bool)]) -> [(Setting, ConfigContent)] {
        flags.filter(\.1).map { ($0.0, .bool(true)) }
    }
}

extension ConfigContent {
    /// As a person would write it.
    var text: String {
        switch self {
        case .string(let text): text
        case .int(let number): "\(number)"
        case .double(let number): number == number.rounded() && abs(number) < 1e15 ? "\(Int(number))" : "\(number)"
        case .bool(let isOn): "\(isOn)"
        case .stringArray(let texts): texts.joined(separator: ",")
        case .bytes, .intArray, .doubleArray, .boolArray, .byteChunkArray: "?"
        }
    }
}
