import Configuration
import Foundation

/// Reads `azu.json`: an object with the names of settings.
enum SettingsFile {
    static let name = "azu.json"

    /// What the file of a folder says; nothing if there is none.
    ///
    /// - Throws: ``CommandFailure`` if it can't be read, or has a setting that there is not.
    static func read(in folder: URL) throws -> [(Setting, ConfigContent)] {
        let file = folder.appending(path: name)
        guard FileManager.default.fileExists(atPath: file.path(percentEncoded: false)) else { return [] }
        let data: Data
        do {
            data = try Data(contentsOf: file)
        } catch {
            throw CommandFailure("\(name) can't be read: \(error.localizedDescription)")
        }
        return try parse(data)
    }

    /// What Foundation tells of wrong JSON, such as `: Invalid value around character 15.`, or nothing.
    private static func flaw(in data: Data) -> String {
        do {
            _ = try JSONSerialization.jsonObject(with: data)
            return ""
        } catch {
            return ((error as NSError).userInfo["NSDebugDescription"] as? String).map { ": \($0)" } ?? ""
        }
    }

    static func parse(_ data: Data) throws -> [(Setting, ConfigContent)] {
        let values: [String: JSONSetting]
        do {
            values = try JSONDecoder().decode([String: JSONSetting].self, from: data)
        } catch DecodingError.dataCorrupted {
            throw CommandFailure("\(name) is not valid JSON\(flaw(in: data))")
        } catch {
            throw CommandFailure("\(name) is not a JSON object of settings; azu config lists them")
        }
        return try values.sorted { $0.key < $1.key }.compactMap { key, value in
            // Editors look there for a schema.
            if key == "$schema" { return nil }
            guard let setting = Setting.all.first(where: { $0.name == key }) else {
                throw CommandFailure("\(name): there is no setting \(key); azu config lists them")
            }
            guard let content = value.content(of: setting.type) else {
                if case .null = value { return nil }
                throw CommandFailure("\(name): \(key) takes \(setting.takes)")
            }
            return (setting, content)
        }
    }
}

/// A value that a setting may have.
private enum JSONSetting: Decodable {
    case null
    case bool(Bool)
    case int(Int)
    case double(Double)
    case text(String)
    case texts([String])
    case other

    init(from decoder: any Decoder) throws {
        guard let container = try? decoder.singleValueContainer() else {
            self = .other
            return
        }
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Int.self) {
            self = .int(value)
        } else if let value = try? container.decode(Double.self) {
            self = .double(value)
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let value = try? container.decode([String].self) {
            self = .texts(value)
        } else {
            self = .other
        }
    }

    /// As a value of a type; `nil` if it is none.
    func content(of type: ConfigType) -> ConfigContent? {
        switch (self, type) {
        case (.bool(let value), .bool): .bool(value)
        case (.int(let value), .int): .int(value)
        case (.int(let value), .double): .double(Double(value))
        case (.double(let value), .double): .double(value)
        case (.text(let value), .string): .string(value)
        case (.texts(let values), .stringArray): .stringArray(values)
        default: nil
        }
    }
}
