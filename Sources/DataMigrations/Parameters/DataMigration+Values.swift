import Database

extension DataMigration {
    /// The values that a run has.
    ///
    /// - Parameters:
    ///   - texts: what somebody gives, by name.
    ///   - recorded: the values that the run has already; a parameter that is not among them is new since.
    ///   - name: the migration's.
    ///   - advice: what a person does about a value that is missing.
    /// - Returns: the values of all parameters, by name.
    /// - Throws: ``MigrationError`` with the code ``MigrationError/Code/arguments`` if there is no such parameter, a value is
    ///   missing, will not do, or is another one than the run has.
    func values(
        setting texts: [String: String] = [:],
        recorded: [String: Value] = [:],
        of name: String,
        advice: (ParameterDescription) -> String = { "--set \($0.name)=…" }
    ) throws -> [String: Value] {
        let parameters = parameters
        var given: [String: Value] = [:]
        for (key, text) in texts.sorted(by: { $0.key < $1.key }) {
            guard let parameter = parameters.first(where: { $0.isCalled(key) }) else {
                throw MigrationError.unknownParameter(key, parameters, of: name)
            }
            guard given[parameter.name] == nil else {
                throw MigrationError(.arguments, "\(parameter.name) of \(name) is given twice; give it once")
            }
            given[parameter.name] = try parameter.read(text, of: name)
        }
        var values: [String: Value] = [:]
        for parameter in parameters + builtIns {
            if let known = recorded[parameter.name] {
                if let new = given[parameter.name], new != known {
                    throw MigrationError.otherValue(parameter, of: name)
                }
                values[parameter.name] = known
            } else if let value = given[parameter.name] {
                values[parameter.name] = value
            } else if let usual = parameter.defaultValue {
                try parameter.check(usual, of: name)
                values[parameter.name] = usual
            } else if parameter.type.isOptional {
                values[parameter.name] = .null
            }
        }
        let missing = parameters.filter { values[$0.name] == nil }
        guard missing.isEmpty else { throw MigrationError.missing(missing, of: name, advice) }
        return values
    }

    /// Gives the migration the values of its run.
    ///
    /// - Throws: ``MigrationError`` if one is not of its parameter's type: the migration changed since the run began.
    func bind(_ values: [String: Value], of name: String) throws {
        for parameter in parameters + builtIns {
            guard let value = values[parameter.name] else { continue }
            guard parameter.bind(value) else {
                throw MigrationError(
                    .arguments,
                    "the run of \(name) began with a \(parameter.name) that is not \(parameter.type.expectation); put the "
                        + "migration's parameter back as it was"
                )
            }
        }
    }
}

extension DataMigration {
    /// Parameters for which a run finds the values by itself; nobody gives them.
    private var builtIns: [ParameterDescription] { (self as? SQLFileMigration)?.builtIns ?? [] }
}

extension ParameterDescription {
    /// Reads what somebody gives.
    fileprivate func read(_ text: String, of migration: String) throws -> Value {
        guard let value = type.value(of: text) else {
            throw MigrationError(.arguments, "\(name) of \(migration) takes \(type.expectation)\(explanation)")
        }
        try check(value, of: migration)
        return value
    }

    /// Asks the author's validation.
    fileprivate func check(_ value: Value, of migration: String) throws {
        let reason: String
        do {
            guard try !accepts(value) else { return }
            reason = "is refused by its validation"
        } catch {
            reason = "is refused: \(Fault.text(of: error))"
        }
        throw MigrationError(.arguments, "\(name) of \(migration) \(reason)\(explanation)")
    }

    /// The help, for the end of a line.
    fileprivate var explanation: String { help.isEmpty ? "" : " (\(help))" }
}

extension MigrationError {
    /// A value is given for what is no parameter.
    static func unknownParameter(
        _ key: String,
        _ parameters: [ParameterDescription],
        of name: String
    ) -> MigrationError {
        let names = parameters.map(\.name).joined(separator: ", ")
        let hint = names.isEmpty ? "it has none" : "there \(parameters.count == 1 ? "is" : "are") \(names)"
        return MigrationError(.arguments, "\(name) has no parameter \(key); \(hint)")
    }

    fileprivate static func missing(
        _ parameters: [ParameterDescription],
        of name: String,
        _ advice: (ParameterDescription) -> String
    ) -> MigrationError {
        let names = parameters.map { "\($0.name)\($0.explanation)" }.joined(separator: ", ")
        let advice = parameters.map(advice).joined(separator: " ")
        return MigrationError(.arguments, "\(name) needs a value for \(names): \(advice)")
    }

    fileprivate static func otherValue(_ parameter: ParameterDescription, of name: String) -> MigrationError {
        MigrationError(
            .arguments,
            "the run of \(name) began with another \(parameter.name); go on without --set, which keeps it, or roll the run "
                + "back first"
        )
    }

    /// A finished run had another value.
    static func finished(with parameter: String, of name: String) -> MigrationError {
        MigrationError(
            .arguments,
            "\(name) ran to its end with another \(parameter); azu db:data:run \(name) --again runs it once more with this one"
        )
    }
}
