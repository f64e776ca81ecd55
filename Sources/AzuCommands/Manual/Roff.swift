/// Text for man pages.
enum Roff {
    /// Text that roff prints as it is.
    static func text(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += "\\e"
            // A plain dash would be set as a hyphen, which nobody can copy; a plain quote as a typographic one.
            case "-": result += "\\-"
            case "'": result += "\\(aq"
            case "`": result += "\\(ga"
            case "^": result += "\\(ha"
            case "~": result += "\\(ti"
            default:
                result +=
                    scalar.isASCII
                    ? String(scalar) : "\\[u\(String(scalar.value, radix: 16, uppercase: true).padded(to: 4))]"
            }
        }
        // A dot at the beginning would make a request of the line.
        return result.hasPrefix(".") ? "\\&" + result : result
    }

    /// Text as the argument of a macro.
    static func argument(_ text: String) -> String { "\"\(Self.text(text).replacing("\"", with: "\\(dq"))\"" }

    static func bold(_ text: String) -> String { "\\fB\(Self.text(text))\\fR" }

    static func italic(_ text: String) -> String { "\\fI\(Self.text(text))\\fR" }
}

extension String {
    fileprivate func padded(to width: Int) -> String {
        String(repeating: "0", count: Swift.max(0, width - count)) + self
    }
}
