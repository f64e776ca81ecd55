import Configuration

/// A place where settings come from.
struct SettingSource: Sendable {
    /// What a person finds it by: `.env.production`.
    let name: String
    let kind: Kind
    let provider: any ConfigProvider

    /// What kind of place it is.
    enum Kind: Sendable {
        case flags, process, file, json

        /// Whether it is read again by every run.
        var isFile: Bool { self == .file || self == .json }
    }

    /// What `setting` is called there.
    func name(of setting: Setting) -> String {
        switch kind {
        case .flags: setting.flag ?? setting.name
        case .process: setting.variable
        case .file: "\(setting.variable) in \(name)"
        case .json: "\(setting.name) in \(name)"
        }
    }

    /// What flags say.
    static func flags(_ values: [(Setting, ConfigContent)]) -> SettingSource {
        SettingSource(name: "flags", kind: .flags, provider: provider("flags", values))
    }

    /// What the variables of the process, or of a file, say.
    static func variables(_ variables: [String: String], name: String, kind: Kind) -> SettingSource {
        SettingSource(
            name: name,
            kind: kind,
            provider: EnvironmentVariablesProvider(environmentVariables: variables)
        )
    }

    /// What `azu.json` says.
    static func json(_ values: [(Setting, ConfigContent)], name: String) -> SettingSource {
        SettingSource(name: name, kind: .json, provider: provider(name, values))
    }

    private static func provider(_ name: String, _ values: [(Setting, ConfigContent)]) -> InMemoryProvider {
        let pairs = values.map { setting, content in
            (setting.key, ConfigValue(content, isSecret: setting.secrecy.hidesSomething))
        }
        return InMemoryProvider(name: name, values: Dictionary(pairs) { $1 })
    }
}

extension Secrecy {
    fileprivate var hidesSomething: Bool { if case .none = self { false } else { true } }
}
