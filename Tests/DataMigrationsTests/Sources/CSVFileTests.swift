import Foundation
import Testing

@testable import DataMigrations

private struct Person: Decodable, Equatable, Sendable {
    var fullName: String
    var age: Int?
}

private struct Pair: Decodable, Equatable, Sendable {
    var a: String?
    var b: String?
}

private enum Level: String, Decodable, Sendable { case low, high }

private struct Setting: Decodable, Equatable, Sendable {
    var level: Level
    var theme: String
    var tags: [String]
    var note: String?
    var isActive: Bool
}

struct CSVFileTests {
    @Test func `a header in columns: that is like several columns is refused, unless it is one of them`() async throws {
        // Read again from the quarantine, a record has its headers in another order.
        let file = try TemporaryFile("Price ~net,Price (net)\n1,2\n")
        let failure = await CSVFile<Pair>(file.path, columns: ["price net": "a"]).failure()
        #expect(
            failure
                == "\(file.path), line 1: columns: names price net, which is like several columns of the header; it has: "
                + "Price ~net, Price (net)"
        )
        let all = try await CSVFile<Pair>(file.path, columns: ["Price (net)": "a"]).everything()
        #expect(all.rows == [Pair(a: "2", b: nil)])
    }

    @Test(arguments: ["Full Name", "full_name", "fullName", "FULL-NAME", " full name "])
    func `a header matches its property whatever its case and separators`(header: String) async throws {
        let file = try TemporaryFile("\(header),age\nAda,36\n")
        let all = try await CSVFile<Person>(file.path).everything()
        #expect(all.rows == [Person(fullName: "Ada", age: 36)])
    }

    @Test func `fields hold delimiters, doubled quotes and line breaks within quotes`() async throws {
        let file = try TemporaryFile("a,b\n\"x,\"\"y\"\"\",\"1\r\n2\n\n3\"\n\"\",\n\"\"\"\",it\"s\n")
        let all = try await CSVFile<Pair>(file.path).everything()
        #expect(
            all.rows == [
                Pair(a: "x,\"y\"", b: "1\r\n2\n\n3"), Pair(a: "", b: nil), Pair(a: "\"", b: "it\"s"),
            ]
        )
        #expect(all.malformed.isEmpty)
    }

    @Test func `lines end with LF, CRLF or CR, blank lines are skipped, the last end may lack`() async throws {
        let file = try TemporaryFile("\u{FEFF}\r\na,b\r\n\r\n1,2\n\n3,4\r5,6\r\r\n7,8")
        let all = try await CSVFile<Pair>(file.path).everything(rows: 1)
        #expect(all.rows.map(\.a) == ["1", "3", "5", "7"])
        #expect(all.rows.map(\.b) == ["2", "4", "6", "8"])
        #expect(all.batches.map { $0.locator(0) } == ["line 4", "line 6", "line 7", "line 9"])
    }

    @Test func `malformed records are told by the line they start at, across embedded line breaks`() async throws {
        let text = "a,b\n\"1\n1\",1\nx\n\"2\r\n2\",2\n1,2,3\n\"y\" z,\"\n\"\nlast,\"open\n\nend"
        let file = try TemporaryFile(text)
        let all = try await CSVFile<Pair>(file.path).everything()
        #expect(all.rows.count == 2)
        #expect(
            all.problems == [
                "line 4: has 1 field, the header has 2", "line 7: has 3 fields, the header has 2",
                "line 8: has text behind a closing quote", "line 10: has a quote that is never closed",
            ]
        )
        #expect(all.malformed.map(\.original) == ["x", "1,2,3", "\"y\" z,\"\n\"", "last,\"open\n\nend"])
        #expect(all.batches[0].records == [0, 2])
        #expect(all.batches[0].locator(2) == "line 5")
        #expect(all.batches[0].original(1) == "x")
        #expect(all.batches[0].original(2) == #"{"a":"2\r\n2","b":"2"}"#)
    }

    @Test func `text that is not UTF-8 is malformed`() async throws {
        for bad: [UInt8] in [
            [0xff], [0xc3], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x82],
        ] {
            let file = try TemporaryFile(Array("a,b\nä€😀,1\nx".utf8) + bad + Array("y,2\nz,3\n".utf8))
            let all = try await CSVFile<Pair>(file.path).everything()
            #expect(all.rows.map(\.a) == ["ä€😀", "z"])
            #expect(all.problems == ["line 3: is not UTF-8"])
        }
    }

    @Test func `short records can be filled with NULL, long ones never are cut`() async throws {
        let file = try TemporaryFile("a,b\n1\n1,2,3\n")
        let all = try await CSVFile<Pair>(file.path, ragged: .fill).everything()
        #expect(all.rows == [Pair(a: "1", b: nil)])
        #expect(all.problems == ["line 3: has 3 fields, the header has 2"])
    }

    @Test func `an unquoted null text is NULL, a quoted one is text`() async throws {
        let file = try TemporaryFile("a,b\n\\N,\"\\N\"\n,x\n")
        let all = try await CSVFile<Pair>(file.path, nullText: "\\N").everything()
        #expect(all.rows == [Pair(a: nil, b: "\\N"), Pair(a: "", b: "x")])
        let none = try await CSVFile<Pair>(file.path, nullText: nil).everything()
        #expect(none.rows == [Pair(a: "\\N", b: "\\N"), Pair(a: "", b: "x")])
    }

    @Test func `another delimiter, another quote, trimmed, and a given header`() async throws {
        let file = try TemporaryFile(" x ; 'y;''z ' \n   \n;' '\n")
        let all = try await CSVFile<Pair>(file.path, delimiter: ";", quote: "'", header: ["a", "b"], trim: true)
            .everything()
        #expect(all.rows == [Pair(a: "x", b: "y;'z "), Pair(a: nil, b: " ")])
    }

    @Test func `defaults stand in for absent and NULL columns, columns rename`() async throws {
        let file = try TemporaryFile("stufe,active\nhigh,yes\n,0\n")
        let source = CSVFile<Setting>(
            file.path,
            columns: ["Stufe": "level"],
            defaults: ["level": "low", "theme": "light", "tags": "[\"new\"]"],
            dates: .iso8601
        )
        await #expect(source.failure().contains("the header has no column for isActive; it has: stufe, active"))
        let renamed = CSVFile<Setting>(
            file.path,
            columns: ["stufe": "level", "active": "is_active"],
            defaults: ["level": "low", "theme": "light", "tags": "[\"new\"]"]
        )
        let all = try await renamed.everything()
        #expect(
            all.rows == [
                Setting(level: .high, theme: "light", tags: ["new"], note: nil, isActive: true),
                Setting(level: .low, theme: "light", tags: ["new"], note: nil, isActive: false),
            ]
        )
        #expect(all.batches[0].original(1) == #"{"stufe":null,"active":"0"}"#)
    }

    @Test func `a header that does not fit is refused with one line, before the first row`() async throws {
        let file = try TemporaryFile("id,mail\n1,x\n")
        let missing = await CSVFile<Person>(file.path).failure()
        #expect(missing.hasPrefix("\(file.path), line 1: the header has no column for fullName; it has: id, mail."))
        #expect(!missing.contains("\n"))
        let twice = try TemporaryFile("full_name,age,Full Name\n1,x\n")
        await #expect(CSVFile<Person>(twice.path).failure().contains("has the column Full Name twice"))
        let unknown = await CSVFile<Person>(file.path, columns: ["name": "fullName"]).failure()
        #expect(unknown.contains("columns: names name, which the header lacks"))
        let typo = await CSVFile<Pair>(file.path, defaults: ["c": "x"]).failure()
        #expect(typo.contains("defaults: names c, which is neither a column nor a property"))
        let empty = try TemporaryFile("")
        await #expect(CSVFile<Pair>(empty.path).failure().contains("is empty"))
    }

    @Test func `a row that can't be decoded is kept as JSON, and can be read again`() async throws {
        let file = try TemporaryFile("Full Name;age\n\"A \"\"x\"\"\n\\ü\t\u{1}\";old\n;7\n")
        let source = CSVFile<Person>(file.path, delimiter: ";")
        let all = try await source.everything()
        #expect(
            all.problems == [
                "line 2: column age is not a whole number that fits Int", "line 4: column Full Name is missing or NULL",
            ]
        )
        let original = all.malformed[0].original
        #expect(original == #"{"Full Name":"A \"x\"\n\\ü\t\u0001","age":"old"}"#)
        #expect(throws: DecodingFault.self) { try source.stream().reread(original) }
        let row = try source.stream().reread(original.replacing("\"old\"", with: "\"99\""))
        #expect(row == Person(fullName: "A \"x\"\n\\ü\t\u{1}", age: 99))
        #expect(throws: FileSourceError.self) { try source.stream().reread("x;1;2") }
        let mended = CSVFile<Person>(file.path, delimiter: ";", defaults: ["fullName": "?"])
        #expect(try mended.stream().reread(all.malformed[1].original) == Person(fullName: "?", age: 7))
    }

    @Test func `a batch ends at its number of rows or of bytes`() async throws {
        let file = try TemporaryFile(
            "a,b\n" + (0..<100).map { "\($0),\(String(repeating: "x", count: 100))\n" }.joined()
        )
        let byRows = try await CSVFile<Pair>(file.path).everything(rows: 30)
        #expect(byRows.batches.map(\.count) == [30, 30, 30, 10])
        let byBytes = try await CSVFile<Pair>(file.path).everything(bytes: 1)
        #expect(byBytes.batches.count == 100)
        #expect(byRows.batches.last?.position == (FileManager.default.contents(atPath: file.path)?.count))
    }

    @Test func `records longer than a window are read`() async throws {
        let long = String(repeating: "0123456789\"\"\n", count: 200_000)
        let file = try TemporaryFile("a,b\n1,\"\(long)\"\n2,x\n3\n")
        let all = try await CSVFile<Pair>(file.path).everything()
        #expect(all.rows.map(\.b) == [long.replacing("\"\"", with: "\""), "x"])
        #expect(all.problems == ["line 200004: has 1 field, the header has 2"])
    }
}
