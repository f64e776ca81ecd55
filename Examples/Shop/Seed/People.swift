/// Names and addresses as people write them.
enum People {
    private static let first = [
        "Anna", "Ben", "Carla", "Dmitri", "Eva", "Félix", "Gül", "Hanna", "Igor", "José", "Karin", "Léa", "Miguel",
        "Nora", "Otto", "Petra", "Rosa", "Søren", "Tom", "Uwe", "Vera", "Wei 伟", "Yusuf", "Zoë",
    ]
    private static let last = [
        "Smith", "O'Brien", "García", "Müller", "Ivanov", "van-der-Berg", "Nguyễn", "Kim", "Öztürk", "Jones",
        "D'Angelo", "Da_Silva", "MacDonald", "Ng", "Weber", "Rossi", "Novák", "Łukasiewicz", "Dubois",
    ]
    static let words = [
        "amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "harbour", "iris", "juniper", "kiwi", "lotus",
        "maple", "nectar", "olive", "pearl", "quartz", "river", "saffron", "tulip", "umber", "violet", "willow",
    ]

    /// `Zoë O'Brien`; some with titles, in capitals, or with blanks too many.
    static func name(_ dice: inout Dice) -> String {
        let (first, last) = (dice.pick(first), dice.pick(last))
        return switch dice.roll(40) {
        case 0, 1: "Dr. \(first) \(last), Jr."
        case 2, 3: "\(first) \(last)".uppercased()
        case 4: "  \(first)  \(last) "
        case 5: "\(first) \"\(dice.pick(words))\" \(last)"
        default: "\(first) \(last)"
        }
    }

    /// A clean address, another one for each number.
    static func email(_ number: Int, _ dice: inout Dice) -> String {
        "\(dice.pick(words)).\(dice.pick(words))\(number)@mail\(number % 11).example"
    }

    /// The address with capitals and blanks that nobody meant.
    static func untidied(_ email: String, _ dice: inout Dice) -> String {
        switch dice.roll(5) {
        case 0: email.uppercased()
        case 1: email.prefix(1).uppercased() + email.dropFirst()
        case 2: " " + email
        case 3: email + "  "
        default: "\t" + email.uppercased()
        }
    }
}
