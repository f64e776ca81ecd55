import Foundation

/// Text as a part of a URL: `Zoë O'Brien, Jr.` becomes `zoe-o-brien-jr`.
///
/// Letters lose their accents; what is neither a letter of ASCII nor a digit becomes one dash, and none at the ends.
public func slugify(_ text: String) -> String {
    let isASCII = text.utf8.allSatisfy { $0 < 0x80 }
    let plain = isASCII ? text : fold(text)
    var slug: [UInt8] = []
    slug.reserveCapacity(plain.utf8.count)
    var needsDash = false
    for byte in plain.utf8 {
        let lower = UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte ? byte | 0x20 : byte
        guard UInt8(ascii: "a")...UInt8(ascii: "z") ~= lower || UInt8(ascii: "0")...UInt8(ascii: "9") ~= lower else {
            needsDash = !slug.isEmpty
            continue
        }
        if needsDash { slug.append(UInt8(ascii: "-")) }
        needsDash = false
        slug.append(lower)
    }
    return String(decoding: slug, as: UTF8.self)
}

/// Letters without their accents, and those that Unicode does not take apart.
private func fold(_ text: String) -> String {
    var folded = ""
    for character in text.folding(options: [.diacriticInsensitive, .caseInsensitive], locale: nil) {
        folded += letters[character] ?? String(character)
    }
    return folded
}

private let letters: [Character: String] = [
    "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ŧ": "t", "ħ": "h",
]
